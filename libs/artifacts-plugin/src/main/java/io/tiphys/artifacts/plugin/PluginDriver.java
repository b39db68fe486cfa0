package io.tiphys.artifacts.plugin;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.tiphys.api.ArtifactDriver;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code plugin}. Argo starts the driver's image beside each pod; here it runs beside the services that speak to stores,
 * on a socket in a folder that both have under the same path. Files that a driver reads or writes for us lie in that folder too.
 */
public final class PluginDriver implements StoreDriver {
    private final Map<String, DriverConnection> connections = new LinkedHashMap<>();
    private final NioEventLoopGroup loops =
            new NioEventLoopGroup(1, new DefaultThreadFactory("artifact-drivers", true));

    /** The drivers that may be used. */
    public PluginDriver(List<ArtifactDriver> drivers) {
        this(drivers, Patience.USUAL);
    }

    PluginDriver(List<ArtifactDriver> drivers, Patience patience) {
        for (ArtifactDriver driver : drivers) {
            Patience own = patience.withConnect(patience.connect(driver.connectionTimeoutSeconds()));
            connections.put(
                    driver.name(), new DriverConnection(driver.name(), Path.of(driver.socketPath()), own, loops));
        }
    }

    @Override
    public String kind() {
        return "plugin";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var plugin = location.plugin();
        if (plugin == null) {
            return Optional.empty();
        }
        @Nullable String name = plugin.name();
        if (name == null || name.isEmpty()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks plugin.name");
        }
        DriverConnection connection = connections.get(name);
        if (connection == null) {
            throw new StoreException(
                    Kind.REFUSED,
                    "artifact driver " + name + " not found; known: "
                            + (connections.isEmpty() ? "none" : String.join(", ", connections.keySet()))
                            + " (artifactDrivers of the controller's ConfigMap, or TIPHYS_ARTIFACT_DRIVERS)");
        }
        String key = plugin.key().replaceFirst("^/+", "");
        String root = plugin.key().substring(0, plugin.key().length() - key.length());
        return Optional.of(new Located(new PluginStore(connection, plugin, root), key));
    }

    @Override
    public void close() {
        connections.values().forEach(DriverConnection::close);
        var _ = loops.shutdownGracefully(0, 5, TimeUnit.SECONDS);
    }
}
