package io.tiphys.artifacts;

import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.StoreDriver.Located;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Every kind of object storage that is built in: from an Argo artifact location to the store and the key that it means. */
public final class Stores implements AutoCloseable {
    private final List<StoreDriver> drivers;
    private final Secrets secrets;

    public Stores(List<? extends StoreDriver> drivers, Secrets secrets) {
        this.drivers = List.copyOf(drivers);
        this.secrets = secrets;
    }

    /**
     * The store and key of a location.
     *
     * @param namespace the workflow's
     * @throws StoreException {@code REFUSED} if no driver knows this kind of location, or as {@link StoreDriver#locate}
     */
    public Located locate(String namespace, ArtifactLocation location) throws StoreException {
        for (var driver : drivers) {
            Optional<Located> located = driver.locate(location, namespace, secrets);
            if (located.isPresent()) {
                return located.get();
            }
        }
        throw new StoreException(
                StoreException.Kind.REFUSED,
                "this kind of artifact location is not supported; supported are: "
                        + drivers.stream().map(StoreDriver::kind).collect(Collectors.joining(", ")));
    }

    public Located locate(String namespace, Artifact artifact) throws StoreException {
        return locate(
                namespace,
                new ArtifactLocation(
                        artifact.archiveLogs(),
                        artifact.s3(),
                        artifact.git(),
                        artifact.http(),
                        artifact.artifactory(),
                        artifact.hdfs(),
                        artifact.raw(),
                        artifact.oss(),
                        artifact.gcs(),
                        artifact.azure(),
                        artifact.plugin()));
    }

    /** As above for a location in JSON form, for example {@code {"oss": {"bucket": …, "key": …}}}. */
    public Located locate(String namespace, Map<String, Object> location) throws StoreException {
        try {
            return locate(namespace, ApiJson.mapper().convertValue(location, ArtifactLocation.class));
        } catch (IllegalArgumentException e) {
            throw new StoreException(StoreException.Kind.REFUSED, "not an artifact location: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        drivers.forEach(StoreDriver::close);
    }
}
