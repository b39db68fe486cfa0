package io.tiphys.executor.names;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives files names that a {@link Path} can't have, and links such targets. Java can't, so it is left to the program emissary, once for all of a
 * tree: until then the files bear names that nobody would think of.
 */
public final class RawNames {
    private final Path program;
    private final String prefix;
    private final Map<Path, Map<String, Path>> placeholders = new LinkedHashMap<>();
    private final List<Path> all = new ArrayList<>();
    private final Map<Path, String> names = new LinkedHashMap<>();
    private final Map<Path, String> targets = new LinkedHashMap<>();

    /** Names that {@code program}, emissary, will give. */
    public RawNames(Path program) {
        this.program = program;
        var random = new byte[8];
        new SecureRandom().nextBytes(random);
        this.prefix = ".tiphys-" + HexFormat.of().formatHex(random) + "-";
    }

    /** Where the member {@code name} of {@code parent} lies for now. */
    public Path member(Path parent, String name) {
        if (FileNames.isPath(name)) {
            return parent.resolve(name);
        }
        return placeholders.computeIfAbsent(parent, _ -> new LinkedHashMap<>()).computeIfAbsent(name, _ -> {
            var placeholder = parent.resolve(prefix + all.size());
            all.add(placeholder);
            names.put(placeholder, name);
            return placeholder;
        });
    }

    /** Has a symbolic link made at {@code link}. */
    public void link(Path link, String target) {
        targets.put(link, target);
    }

    /** Makes the links and gives all files that are there their names, members before what they are in. */
    public void settle() throws IOException {
        if (all.isEmpty() && targets.isEmpty()) {
            return;
        }
        var orders = new ByteArrayOutputStream();
        targets.forEach((link, target) -> order(orders, 'l', FileNames.encode(target), bytes(link)));
        all.sort(Comparator.comparingInt(Path::getNameCount).reversed());
        for (var placeholder : all) {
            var name = new ByteArrayOutputStream();
            name.writeBytes(bytes(placeholder.resolveSibling("")));
            name.write('/');
            name.writeBytes(FileNames.encode(String.valueOf(names.get(placeholder))));
            order(orders, 'r', bytes(placeholder), name.toByteArray());
        }
        run(orders.toByteArray());
    }

    private static void order(ByteArrayOutputStream orders, char what, byte[] first, byte[] second) {
        orders.write(what);
        orders.writeBytes(first);
        orders.write(0);
        orders.writeBytes(second);
        orders.write(0);
    }

    private static byte[] bytes(Path path) {
        return FileNames.encode(path.toAbsolutePath().toString());
    }

    private void run(byte[] orders) throws IOException {
        var process = new ProcessBuilder(program.toString(), "names")
                .redirectErrorStream(true)
                .redirectInput(Redirect.PIPE)
                .start();
        try (var in = process.getOutputStream()) {
            in.write(orders);
        } catch (IOException e) {
            process.destroyForcibly(); // it has said why
        }
        try (var out = process.getInputStream()) {
            var said = FileNames.decode(out.readNBytes(4096)).strip();
            if (process.waitFor() != 0) {
                throw new FileSystemException(said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while files were being named");
        }
    }
}
