package io.tiphys.local.objectstore.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** The file that the index is rebuilt from: one JSON line per {@link Change}, appended in one write each. */
final class Journal implements AutoCloseable {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final FileChannel channel;

    private Journal(FileChannel channel) {
        this.channel = channel;
    }

    /** Reads all facts. A last line that a crash cut short is not one. */
    static void replay(Path file, Consumer<Change> consumer) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Change change;
                try {
                    change = MAPPER.readValue(line, Change.class);
                } catch (JsonProcessingException e) {
                    if (reader.readLine() == null) {
                        return;
                    }
                    throw new IOException(file + " is damaged: " + e.getOriginalMessage(), e);
                }
                consumer.accept(change);
            }
        }
    }

    /** Starts a journal that says just this, in place of an old one. */
    static Journal rewrite(Path file, List<Change> changes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (BufferedWriter writer = Files.newBufferedWriter(fresh)) {
            for (Change change : changes) {
                writer.write(MAPPER.writeValueAsString(change));
                writer.write('\n');
            }
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new Journal(FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND));
    }

    void append(Change change) throws IOException {
        ByteBuffer line = StandardCharsets.UTF_8.encode(MAPPER.writeValueAsString(change) + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
