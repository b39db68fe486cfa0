package io.tiphys.controller;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Tags;
import io.tiphys.controller.cache.CacheCleaner;
import io.tiphys.controller.cron.CronRunner;
import io.tiphys.controller.kube.Watches;
import io.tiphys.controller.lifecycle.RetentionKeeper;
import io.tiphys.controller.ownership.ShardOwnership;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardFeed;
import io.tiphys.controller.shard.ShardInput;
import io.tiphys.controller.shard.ShardServices;
import io.tiphys.messages.Records;
import io.tiphys.messages.Shards;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the controller: a loop for each shard that Kafka gives it, and the watches that feed them. Needs Kafka and
 * the API server to be there; {@link Startup} waits for them.
 */
public final class Controller implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    /** Whoever owns this shard decides about locks. */
    private static final int LOCKS_SHARD = 0;

    private static final Duration RETENTION_INTERVAL = Duration.ofSeconds(20);

    private record Loop(Shard shard, Thread thread) {}

    private final ShardServices services;
    private final Map<Integer, Loop> loops = new ConcurrentHashMap<>();
    private final ShardFeed feed;
    private final Watches watches;
    private final CronRunner crons;
    private final CacheCleaner cacheCleaner;
    private final ApiServerProbe apiServer;
    private final RetentionKeeper retention;
    private final ShardOwnership ownership;
    private final Thread ownershipThread;

    private Controller(
            ShardServices services,
            KubernetesClient client,
            int shardCount,
            String bootstrapServers,
            Duration session) {
        this.services = services;
        this.feed = new ShardFeed(shardCount, this::ownedShards, this::post);
        this.watches = new Watches(client, services.instance(), shardCount, feed, services.metrics());
        this.crons = new CronRunner(
                client,
                services.calls(),
                services.events(),
                services.metrics(),
                services.board(),
                services.clock(),
                services.settings().cronInterval(),
                services.instance(),
                services.settings().policies().defaults()::on,
                uid -> ownsSurely(Shards.of(uid, shardCount)));
        this.cacheCleaner = new CacheCleaner(
                client,
                services.calls(),
                services.clock(),
                services.settings().cacheGcPeriod(),
                services.settings().cacheGcAfterNotHit(),
                name -> ownsSurely(Shards.of(name, shardCount)));
        this.retention = new RetentionKeeper(
                client,
                services.calls(),
                services.workflows(),
                services.metrics(),
                services.settings().retention(),
                RETENTION_INTERVAL,
                services.instance(),
                () -> ownsSurely(LOCKS_SHARD));
        this.apiServer = new ApiServerProbe(client);
        this.ownership = new ShardOwnership(bootstrapServers, shardCount, session, services.lease(), new Owned());
        services.metrics().gaugeMapSize("tiphys.shards.owned", Tags.empty(), loops);
        this.ownershipThread = Thread.ofPlatform().name("shard-ownership").unstarted(ownership);
    }

    /**
     * Joins the group of controllers and starts to work.
     *
     * @param session a replica that the others don't hear of for so long loses its shards
     */
    public static Controller start(
            ShardServices services,
            KubernetesClient client,
            int shardCount,
            String bootstrapServers,
            Duration session) {
        Controller controller = new Controller(services, client, shardCount, bootstrapServers, session);
        services.locks().start(controller.feed);
        controller.apiServer.start();
        controller.ownershipThread.start();
        controller.crons.start();
        controller.cacheCleaner.start();
        controller.retention.start();
        return controller;
    }

    /** Why this replica can't do its work; empty if it can. */
    public Optional<String> problem() {
        if (!ownershipThread.isAlive()) {
            return Optional.of("the membership in the group of controllers has ended");
        }
        if (!ownership.isMember()) {
            String why = ownership.problem();
            return Optional.of("membership in the group of controllers" + (why.isEmpty() ? "" : ": " + why));
        }
        return apiServer.problem();
    }

    public Set<Integer> ownedShards() {
        return Set.copyOf(loops.keySet());
    }

    private boolean ownsSurely(int shard) {
        return loops.containsKey(shard) && services.lease().isValid();
    }

    /** Gives up all shards, after what they are at is journaled. */
    @Override
    public void close() {
        crons.close();
        cacheCleaner.close();
        retention.close();
        ownership.close();
        try {
            ownershipThread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watches.close();
        apiServer.close();
        services.locks().close();
        services.journal().close();
    }

    private final class Owned implements ShardOwnership.Shards {
        @Override
        public void own(Set<Integer> wanted) {
            Map<Integer, Loop> leaving = new HashMap<>(loops);
            leaving.keySet().removeAll(wanted);
            leaving.values().forEach(loop -> loop.shard().stop());
            leaving.forEach((number, loop) -> {
                end(loop);
                loops.remove(number);
            });
            for (int number : wanted) {
                loops.computeIfAbsent(number, this::begin);
            }
            watches.watch(wanted);
            services.locks().own(wanted.contains(LOCKS_SHARD));
        }

        private Loop begin(int number) {
            Shard shard = new Shard(number, services, () -> watches.again(number));
            Thread thread = Thread.ofVirtual().name("shard-" + number).start(shard);
            return new Loop(shard, thread);
        }

        private void end(Loop loop) {
            try {
                loop.thread().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void post(int shard, ShardInput input) {
            Controller.this.post(shard, input);
        }

        @Override
        public int backlog(int shard) {
            Loop loop = loops.get(shard);
            return loop == null ? 0 : loop.shard().backlog();
        }

        @Override
        public void deadLetter(ConsumerRecord<String, byte[]> record, String reason, Runnable kept) {
            LOG.error(
                    "record at {}-{}@{} goes to the dead letters: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    reason);
            services.metrics()
                    .counter("tiphys.dead.letters", "topic", record.topic())
                    .increment();
            services.journal().send(Records.deadLetter(record, reason), kept);
        }
    }

    private void post(int shard, ShardInput input) {
        Loop loop = loops.get(shard);
        if (loop != null) {
            loop.shard().post(input);
        }
    }
}
