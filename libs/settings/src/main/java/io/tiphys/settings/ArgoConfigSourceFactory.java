package io.tiphys.settings;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Makes Argo's controller ConfigMap a source of settings: {@code tiphys.argo-config} ({@code TIPHYS_ARGO_CONFIG}) is the folder where it
 * is mounted, a file for each of its entries. What a setting of ours says by itself wins over it. A folder that isn't there says nothing,
 * so that the ConfigMap may be optional; one that can't be read or says nonsense keeps the service from starting.
 */
public final class ArgoConfigSourceFactory implements ConfigSourceFactory {
    /** The folder. */
    public static final String FOLDER = "tiphys.argo-config";

    /** Where {@link ArgoConfig#notices} are found, one a line. */
    public static final String NOTICES = "tiphys.argo-config-notices";

    /** Below the environment (300), above application.properties (250). */
    private static final int ORDINAL = 275;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue folder = context.getValue(FOLDER);
        if (folder == null || folder.getValue() == null || folder.getValue().isBlank()) {
            return List.of();
        }
        return List.of(new Source(ArgoConfig.of(data(Path.of(folder.getValue())))));
    }

    private static Map<String, String> data(Path folder) {
        Map<String, String> data = new HashMap<>();
        if (!Files.isDirectory(folder)) {
            return data;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith(".")
                        && Files.isRegularFile(file)) { // a mounted ConfigMap has ..data beside its links
                    data.put(name, Files.readString(file));
                }
            }
            return data;
        } catch (IOException e) {
            throw new UncheckedIOException(FOLDER + ": \"" + folder + "\" can't be read", e);
        }
    }

    /** Answers for names that are asked for; it lists none, as each service knows only some of them. */
    private static final class Source implements ConfigSource {
        private final Map<String, String> values = new HashMap<>();

        Source(ArgoConfig config) {
            // links hold ${…} of their own, which is no expression of ours
            config.settings().forEach((name, value) -> values.put(name, value.replace("$", "\\$")));
            if (!config.notices().isEmpty()) {
                values.put(NOTICES, String.join("\n", config.notices()));
            }
        }

        @Override
        public Set<String> getPropertyNames() {
            return Set.of();
        }

        @Override
        public @Nullable String getValue(String name) {
            return values.get(name);
        }

        @Override
        public String getName() {
            return "Argo's controller ConfigMap";
        }

        @Override
        public int getOrdinal() {
            return ORDINAL;
        }
    }
}
