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

/** C programs of ours, each compiled when it is first wanted, and again when it changes. */
public final class Programs {
    private static final String RESOURCES = "/io/tiphys/local/node/";

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
        byte[] source;
        try (InputStream in = Programs.class.getResourceAsStream(RESOURCES + name + ".c")) {
            if (in == null) {
                throw new IOException(RESOURCES + name + ".c is missing from the jar");
            }
            source = in.readAllBytes();
        }
        String plain = name.substring(name.lastIndexOf('/') + 1);
        Path program = folder.resolve(plain + "-" + fingerprint(source));
        if (!Files.isExecutable(program)) {
            Path file = Files.write(folder.resolve(plain + ".c"), source);
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

    private static String fingerprint(byte[] source) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
