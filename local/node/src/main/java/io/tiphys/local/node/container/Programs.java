package io.tiphys.local.node.container;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** C programs of ours, each compiled when it is first wanted, and again when it changes. */
public final class Programs {
    private static final String RESOURCES = "/io/tiphys/local/node/";
    private static final Pattern INCLUDE = Pattern.compile("^#include \"([a-z]+\\.h)\"$", Pattern.MULTILINE);

    private final Path folder;

    /** They are kept in this folder from one start to the next. */
    public Programs(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    Path folder() {
        return folder;
    }

    /**
     * The program.
     *
     * @param name of its source among the resources, without {@code .c}
     * @throws IOException when there is no C compiler
     */
    public synchronized Path compiled(String name) throws IOException {
        String source = source(name + ".c");
        String plain = name.substring(name.lastIndexOf('/') + 1);
        Path program = folder.resolve(plain + "-" + fingerprint(source));
        if (!Files.isExecutable(program)) {
            Path file = Files.writeString(folder.resolve(plain + ".c"), source);
            Path fresh = folder.resolve(plain + ".new");
            List<String> flags = List.of("-std=c11", "-O2", "-o", fresh.toString(), file.toString());
            if (!compile(flags, true) && !compile(flags, false)) {
                throw new IOException("the node needs a C compiler (cc) to build the program " + plain + "; see "
                        + folder.resolve("cc.log") + " for what it said, install gcc or clang, or set CC");
            }
            Files.move(fresh, program, StandardCopyOption.ATOMIC_MOVE);
        }
        return program;
    }

    /** With the headers of ours in place of the lines that include them. */
    private static String source(String name) throws IOException {
        try (InputStream in = Programs.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new IOException(RESOURCES + name + " is missing from the jar");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String beside = name.substring(0, name.lastIndexOf('/') + 1);
            StringBuilder whole = new StringBuilder();
            Matcher include = INCLUDE.matcher(text);
            int end = 0;
            for (; include.find(); end = include.end()) {
                whole.append(text, end, include.start()).append(source(beside + include.group(1)));
            }
            return whole.append(text, end, text.length()).toString();
        }
    }

    private boolean compile(List<String> flags, boolean isStatic) throws IOException {
        String compiler = System.getenv().getOrDefault("CC", "cc");
        List<String> command = new ArrayList<>(List.of(compiler));
        command.addAll(isStatic ? List.of("-static", "-s") : List.of("-s"));
        command.addAll(flags);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("cc.log").toFile())
                    .start();
            return process.waitFor(2, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling", e);
        } catch (IOException e) {
            Files.writeString(folder.resolve("cc.log"), String.valueOf(e.getMessage()), StandardCharsets.UTF_8);
            return false;
        }
    }

    private static String fingerprint(String source) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(source.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
