package io.tiphys.messages;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics that the services meet on. Whoever comes first creates them; everybody checks them. */
public final class Topics {
    /** Partitions of the topics that are sharded alike; the default number of shards. */
    public static final int SHARDS = 64;

    /** The largest record that our topics take; producers need {@code max.request.size} of at least this. */
    public static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    public static final Topic COMMANDS = new Topic("tiphys.commands", SHARDS, true, Duration.ofDays(7));
    public static final Topic NODE_CHANGES = new Topic("tiphys.node-changes", SHARDS, true, null);
    public static final Topic TASK_RESULTS = new Topic("tiphys.task-results", SHARDS, true, Duration.ofDays(7));
    public static final Topic WORKFLOW_EVENTS = new Topic("tiphys.workflow-events", 16, false, Duration.ofDays(30));
    public static final Topic POD_EVENTS = new Topic("tiphys.pod-events", 16, false, Duration.ofDays(7));
    public static final Topic ARTIFACT_EVENTS = new Topic("tiphys.artifact-events", 16, false, Duration.ofDays(30));

    public static final Topic TRIGGERS = new Topic("tiphys.triggers", 16, false, Duration.ofDays(7));

    /** One partition: whoever wants several locks gets all or none, so all of them are decided in one order. */
    public static final Topic LOCKS = new Topic("tiphys.locks", 1, false, null);

    private static final List<Topic> SOURCES = List.of(
            COMMANDS, NODE_CHANGES, TASK_RESULTS, WORKFLOW_EVENTS, POD_EVENTS, ARTIFACT_EVENTS, TRIGGERS, LOCKS);

    private static final System.Logger LOG = System.getLogger(Topics.class.getName());
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(200);

    private Topics() {}

    /** All topics, those for dead letters included. */
    public static List<Topic> all() {
        List<Topic> all = new ArrayList<>(SOURCES);
        for (Topic topic : SOURCES) {
            all.add(topic.deadLetters());
        }
        return List.copyOf(all);
    }

    /** Creates what is missing with the broker's default replication. See {@link #ensure(Admin, Optional)}. */
    public static Map<String, Integer> ensure(Admin admin) {
        return ensure(admin, Optional.empty());
    }

    /**
     * Creates the topics that are missing, sets retention and compaction of all of them as we need them, and checks the numbers
     * of partitions: those of sharded topics must be the same, and where one order counts there must be one. May run in several
     * services at once.
     *
     * @return the number of partitions that each topic really has; that of {@link #NODE_CHANGES} is the number of shards
     * @throws KafkaException if the broker can't be reached, refuses, or a topic doesn't fit and can't be made to; the message
     *     names topic, setting, what was found and what it must be
     */
    public static Map<String, Integer> ensure(Admin admin, Optional<Short> replicationFactor) {
        create(admin, replicationFactor);
        Map<String, Integer> partitions = partitions(admin);
        check(partitions);
        configure(admin);
        return partitions;
    }

    /** Kafka can only add partitions, and then records of a workflow would be in two: that is nothing to mend here. */
    private static void check(Map<String, Integer> partitions) {
        int shards = count(partitions, NODE_CHANGES);
        for (Topic topic : SOURCES) {
            int found = count(partitions, topic);
            if (topic.sharded() && found != shards) {
                throw misfit(
                        topic,
                        "the number of partitions",
                        Integer.toString(found),
                        shards + ", as many as " + NODE_CHANGES.name() + " has");
            }
            if (topic.partitions() == 1 && found != 1) {
                throw misfit(topic, "the number of partitions", Integer.toString(found), "1");
            }
        }
    }

    private static KafkaException misfit(Topic topic, String setting, String found, String wanted) {
        return new KafkaException(
                "topic %s doesn't fit: %s is %s and must be %s; while no service runs, delete the topic (it is made anew) or mend it"
                        .formatted(topic.name(), setting, found, wanted));
    }

    private static int count(Map<String, Integer> partitions, Topic topic) {
        return requireNonNull(partitions.get(topic.name()), topic.name());
    }

    private static void create(Admin admin, Optional<Short> replicationFactor) {
        Collection<String> there = await(admin.listTopics().names(), "list topics");
        List<NewTopic> missing = new ArrayList<>();
        for (Topic topic : all()) {
            if (!there.contains(topic.name())) {
                missing.add(new NewTopic(topic.name(), Optional.of(topic.partitions()), replicationFactor)
                        .configs(topic.configs()));
            }
        }
        for (var created : admin.createTopics(missing).values().entrySet()) {
            awaitCreation(created.getKey(), created.getValue());
        }
    }

    /** A topic that was just created may take a moment until every broker knows it. */
    private static Map<String, Integer> partitions(Admin admin) {
        long giveUp = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            try {
                return describe(admin);
            } catch (KafkaException e) {
                boolean mayAppear = e.getCause() instanceof UnknownTopicOrPartitionException;
                if (!mayAppear || System.nanoTime() > giveUp) {
                    throw e;
                }
                pause();
            }
        }
    }

    private static Map<String, Integer> describe(Admin admin) {
        List<String> names = all().stream().map(Topic::name).toList();
        Map<String, Integer> partitions = new TreeMap<>();
        for (TopicDescription description : await(admin.describeTopics(names).allTopicNames(), "describe topics")
                .values()) {
            partitions.put(description.name(), description.partitions().size());
        }
        return partitions;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while waiting for new topics", e);
        }
    }

    private static void configure(Admin admin) {
        Map<ConfigResource, Topic> resources = new LinkedHashMap<>();
        for (Topic topic : all()) {
            resources.put(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), topic);
        }
        Map<ConfigResource, Config> current =
                await(admin.describeConfigs(resources.keySet()).all(), "describe configuration of topics");
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
        List<String> misfits = new ArrayList<>();
        resources.forEach((resource, topic) -> {
            List<AlterConfigOp> ops = new ArrayList<>();
            topic.configs().forEach((key, wanted) -> {
                ConfigEntry entry = requireNonNull(current.get(resource)).get(key);
                if (entry == null || !wanted.equals(entry.value())) {
                    misfits.add("%s of topic %s was %s and must be %s"
                            .formatted(key, topic.name(), entry == null ? "not there" : entry.value(), wanted));
                    ops.add(new AlterConfigOp(new ConfigEntry(key, wanted), AlterConfigOp.OpType.SET));
                }
            });
            if (!ops.isEmpty()) {
                changes.put(resource, ops);
            }
        });
        if (!changes.isEmpty()) {
            String what = String.join("; ", misfits);
            await(admin.incrementalAlterConfigs(changes).all(), "set what doesn't fit: " + what);
            LOG.log(System.Logger.Level.WARNING, "mended: {0}", what);
        }
    }

    private static void awaitCreation(String topic, KafkaFuture<Void> creation) {
        try {
            await(creation, "create topic " + topic);
        } catch (KafkaException e) {
            boolean anotherServiceWasFaster = e.getCause() instanceof TopicExistsException;
            if (!anotherServiceWasFaster) {
                throw e;
            }
        }
    }

    private static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted: " + what, e);
        } catch (TimeoutException e) {
            throw new KafkaException("no answer from Kafka within " + TIMEOUT + ": " + what, e);
        } catch (ExecutionException e) {
            throw new KafkaException("could not " + what + ": " + e.getCause(), e.getCause());
        }
    }
}
