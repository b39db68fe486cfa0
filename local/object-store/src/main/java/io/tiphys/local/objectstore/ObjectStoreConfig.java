package io.tiphys.local.objectstore;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * Where an {@link ObjectStore} keeps its content and who may talk to it.
 *
 * @param dir the folder; created if absent. One store at a time may use it.
 * @param host the address to listen on. The official SDK uses path-style URLs only for IP addresses, so an IP is the best choice.
 * @param port the port, 0 for any free one
 * @param accessKeyId the one access key that is accepted
 * @param accessKeySecret its secret
 * @param region the region that listings and locations show; requests signed for any region are accepted
 * @param buckets buckets that are created at start if absent
 * @param clock judges signatures' dates and stamps objects
 */
public record ObjectStoreConfig(
        Path dir,
        String host,
        int port,
        String accessKeyId,
        String accessKeySecret,
        String region,
        List<String> buckets,
        Clock clock) {
    public ObjectStoreConfig {
        buckets = List.copyOf(buckets);
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " is no port; use 0 (any free one) to 65535");
        }
        if (accessKeyId.isBlank() || accessKeySecret.isBlank()) {
            throw new IllegalArgumentException("accessKeyId and accessKeySecret must not be empty");
        }
    }

    /** A store on the loopback address and a free port, with the system's clock and no buckets. */
    public static ObjectStoreConfig in(Path dir, String accessKeyId, String accessKeySecret) {
        return new ObjectStoreConfig(
                dir, "127.0.0.1", 0, accessKeyId, accessKeySecret, "cn-local", List.of(), Clock.systemUTC());
    }

    public ObjectStoreConfig withAddress(String newHost, int newPort) {
        return new ObjectStoreConfig(dir, newHost, newPort, accessKeyId, accessKeySecret, region, buckets, clock);
    }

    public ObjectStoreConfig withBuckets(String... names) {
        return new ObjectStoreConfig(dir, host, port, accessKeyId, accessKeySecret, region, List.of(names), clock);
    }

    public ObjectStoreConfig withClock(Clock newClock) {
        return new ObjectStoreConfig(dir, host, port, accessKeyId, accessKeySecret, region, buckets, newClock);
    }

    @Override
    public String toString() {
        return "ObjectStoreConfig[dir=" + dir + ", host=" + host + ", port=" + port + ", region=" + region + "]";
    }
}
