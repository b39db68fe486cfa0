package io.tiphys.local.objectstore;

import io.tiphys.local.objectstore.http.HttpHandler;
import io.tiphys.local.objectstore.http.HttpListener;
import io.tiphys.local.objectstore.oss.FaultyService;
import io.tiphys.local.objectstore.oss.LifecycleSweep;
import io.tiphys.local.objectstore.oss.OssService;
import io.tiphys.local.objectstore.s3.S3Dialect;
import io.tiphys.local.objectstore.storage.Storage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A running object store. Content is streamed both ways in constant memory; what a client was told to be stored survives a {@code kill
 * -9} of this process.
 */
public final class ObjectStore implements AutoCloseable {
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final ObjectStoreConfig config;
    private final Storage storage;
    private final Faults faults;
    private final LifecycleSweep sweep;
    private final HttpListener listener;
    private final ScheduledExecutorService timer;

    private ObjectStore(ObjectStoreConfig config, Storage storage) throws IOException {
        this.config = config;
        this.storage = storage;
        this.faults = new Faults();
        this.sweep = new LifecycleSweep(storage, config.clock());
        for (String bucket : config.buckets()) {
            storage.createBucket(bucket, config.clock().millis());
        }
        HttpHandler both = new S3Dialect(config, new OssService(config, storage));
        this.listener =
                HttpListener.start(config.host(), config.port(), new FaultyService(config.host(), faults, both));
        this.timer =
                Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
        var _ = timer.scheduleAtFixedRate(
                this::sweepQuietly, SWEEP_EVERY.toMinutes(), SWEEP_EVERY.toMinutes(), TimeUnit.MINUTES);
    }

    /**
     * Opens the folder and listens.
     *
     * @throws IOException when the folder can't be used or the port is taken; the message says which
     */
    public static ObjectStore start(ObjectStoreConfig config) throws IOException {
        Storage storage = Storage.open(config.dir());
        try {
            return new ObjectStore(config, storage);
        } catch (IOException e) {
            storage.close();
            throw e;
        }
    }

    /** The URL that clients use as their OSS or S3 endpoint, for example {@code http://127.0.0.1:9000}. */
    public URI endpoint() {
        return URI.create("http://" + config.host() + ":" + listener.port());
    }

    /** The switch for tests that want requests to fail. */
    public Faults faults() {
        return faults;
    }

    /** Applies the lifecycle rules now, as the store does by itself once an hour. Returns how many objects and uploads went. */
    public int applyLifecycleRules() throws IOException {
        return sweep.run();
    }

    private void sweepQuietly() {
        try {
            sweep.run();
        } catch (IOException | RuntimeException e) {
            System.getLogger("io.tiphys.local.objectstore")
                    .log(
                            System.Logger.Level.WARNING,
                            "lifecycle rules could not be applied; next try in " + SWEEP_EVERY,
                            e);
        }
    }

    @Override
    public void close() throws IOException {
        timer.shutdownNow();
        listener.close();
        storage.close();
    }
}
