package io.tiphys.executor.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/**
 * The secret that the agent shares with each plugin: made once per pod, before the plugins start, and mounted into that plugin's
 * container only. A plugin refuses callers without it.
 */
public final class PluginTokens {
    private static final int LENGTH_BYTES = 24;

    private PluginTokens() {}

    /** Makes the tokens that aren't there yet. */
    public static void make(Map<String, String> environment) throws IOException {
        Path directory = AgentSettings.tokens(environment);
        for (AgentSettings.Plugin plugin : AgentSettings.plugins(environment)) {
            Path file = file(directory, plugin);
            if (!Files.exists(file)) {
                Files.createDirectories(file.getParent());
                Path half = file.resolveSibling(".token");
                Files.writeString(half, random());
                // sidecars may run as anybody
                Files.setPosixFilePermissions(half, PosixFilePermissions.fromString("r--r--r--"));
                Files.move(half, file);
            }
        }
    }

    static String read(Path directory, AgentSettings.Plugin plugin) throws IOException {
        return Files.readString(file(directory, plugin));
    }

    private static Path file(Path directory, AgentSettings.Plugin plugin) {
        return directory.resolve(plugin.name()).resolve("token");
    }

    private static String random() {
        byte[] bytes = new byte[LENGTH_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
