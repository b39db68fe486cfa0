package io.tiphys.local.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * What an instance keeps from one {@code up} to the next: ports and secrets. A port of last time is taken again if it is
 * free, so that URLs and kubeconfigs people copied keep working.
 */
final class Settings {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int FIRST_PORT = 20_000;
    private static final int LAST_PORT = 32_000;

    private final Path file;
    private final ObjectNode values;
    private final Set<Integer> taken = new HashSet<>();

    private Settings(Path file, ObjectNode values) {
        this.file = file;
        this.values = values;
    }

    static Settings load(Home home) throws IOException {
        Path file = home.settings();
        ObjectNode values = Files.exists(file) && JSON.readTree(Files.readString(file)) instanceof ObjectNode found
                ? found
                : JSON.createObjectNode();
        return new Settings(file, values);
    }

    /** The port of a part: last time's, or a free one. */
    int port(String part) throws IOException {
        int last = values.path("ports").path(part).asInt(0);
        int port = last > 0 && isFree(last) && taken.add(last) ? last : freePort();
        ObjectNode ports = values.get("ports") instanceof ObjectNode found ? found : values.putObject("ports");
        ports.put(part, port);
        return port;
    }

    /** A free port below those that the system hands out by itself, so that nobody takes it before its part is up. */
    private int freePort() throws IOException {
        for (int attempt = 0; attempt < 1000; attempt++) {
            int port = RANDOM.nextInt(FIRST_PORT, LAST_PORT);
            if (!taken.contains(port) && isFree(port)) {
                taken.add(port);
                return port;
            }
        }
        throw new IOException("no free port found on the loopback address between " + FIRST_PORT + " and " + LAST_PORT);
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** A secret of the instance, made up at first use: 32 random hexadecimal digits. */
    String secret(String name) {
        String known = values.path("secrets").path(name).asText("");
        if (!known.isEmpty()) {
            return known;
        }
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        String made = HexFormat.of().formatHex(bytes);
        ObjectNode secrets = values.get("secrets") instanceof ObjectNode found ? found : values.putObject("secrets");
        secrets.put(name, made);
        return made;
    }

    void save() throws IOException {
        writePrivately(file, values.toPrettyString() + "\n");
    }

    /** Makes the key that controller and uploader share, if there is none: 32 random bytes in Base64. */
    static void createCapabilityKey(Path file) throws IOException {
        if (Files.notExists(file)) {
            byte[] key = new byte[32];
            RANDOM.nextBytes(key);
            writePrivately(file, Base64.getEncoder().encodeToString(key) + "\n");
        }
    }

    /** Writes a file that only its owner can read, from its first byte on. */
    static void writePrivately(Path file, String text) throws IOException {
        if (Files.notExists(file)) {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        }
        Files.writeString(file, text);
    }
}
