package io.tiphys.local.system;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** One Kafka broker that is its own controller (KRaft), in this JVM, sized for a developer's machine. */
final class KafkaBroker implements AutoCloseable {
    private static final int NODE = 1;

    private final KafkaRaftServer server;

    private KafkaBroker(KafkaRaftServer server) {
        this.server = server;
    }

    /** Starts the broker on what the directory holds; it takes records when this returns. */
    static KafkaBroker start(Path directory, int port, int controllerPort) throws IOException {
        Files.createDirectories(directory);
        format(directory);
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(properties(directory, port, controllerPort)), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(server);
    }

    private static void format(Path directory) throws IOException {
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setNodeId(NODE)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .setIgnoreFormatted(true)
                    .run();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("cannot prepare " + directory + " for Kafka", e);
        }
    }

    private static Properties properties(Path directory, int port, int controllerPort) {
        Properties properties = new Properties();
        properties.putAll(Map.ofEntries(
                entry("process.roles", "broker,controller"),
                entry("node.id", NODE),
                entry("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort),
                entry("controller.listener.names", "CONTROLLER"),
                entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort),
                entry("advertised.listeners", "PLAINTEXT://127.0.0.1:" + port),
                entry("log.dirs", directory),
                entry("auto.create.topics.enable", false),
                // One broker: nothing to replicate, nobody to wait for.
                entry("offsets.topic.replication.factor", 1),
                entry("offsets.topic.num.partitions", 4),
                entry("transaction.state.log.replication.factor", 1),
                entry("transaction.state.log.min.isr", 1),
                entry("transaction.state.log.num.partitions", 2),
                entry("share.coordinator.state.topic.replication.factor", 1),
                entry("share.coordinator.state.topic.min.isr", 1),
                entry("group.initial.rebalance.delay.ms", 0),
                entry("controlled.shutdown.enable", false),
                // A replaced service replica is noticed in seconds.
                entry("group.min.session.timeout.ms", 1000),
                // Small buffers and few threads; hundreds of mostly empty partitions.
                entry("num.network.threads", 2),
                entry("num.io.threads", 4),
                entry("num.recovery.threads.per.data.dir", 2),
                entry("background.threads", 2),
                entry("log.segment.bytes", 32 * 1024 * 1024),
                entry("log.index.size.max.bytes", 512 * 1024),
                entry("log.cleaner.dedupe.buffer.size", 8 * 1024 * 1024),
                entry("log.cleaner.io.buffer.size", 128 * 1024),
                entry("message.max.bytes", 17 * 1024 * 1024),
                entry("replica.fetch.max.bytes", 17 * 1024 * 1024)));
        return properties;
    }

    private static Map.Entry<String, String> entry(String key, Object value) {
        return Map.entry(key, value.toString());
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
