package io.tiphys.controller.cron;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifests;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.cron.CronPlan.Fire;
import io.tiphys.controller.cron.CronPlan.Memory;
import io.tiphys.expression.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A week of a cron workflow in a moment: two replicas with views of different age, crashes between any two steps, a clock that jumps both
 * ways, across a change of the clocks. Whatever happens, one time starts at most one workflow, and with a quiet controller each time
 * starts one.
 */
class CronHistoryTest {
    private static final String ZONE = "America/Los_Angeles";

    /** The API server's side: one object with versions, and workflows by name. */
    private static final class World {
        CronWorkflow cron;
        int version = 1;
        final Map<String, Child> children = new HashMap<>();
        final List<String> started = new ArrayList<>();

        World(CronWorkflow cron) {
            this.cron = cron;
        }

        boolean annotate(int seen, String key, String value) {
            if (seen != version) {
                return false;
            }
            cron = cron.withMetadata(new ObjectMetaBuilder(cron.getMetadata())
                    .addToAnnotations(key, value)
                    .build());
            version++;
            return true;
        }

        Child create(String name) {
            return children.computeIfAbsent(name, fresh -> {
                started.add(fresh);
                return new Child(
                        new ObjectReferenceBuilder()
                                .withName(fresh)
                                .withUid(fresh)
                                .build(),
                        WorkflowPhase.RUNNING,
                        null,
                        false);
            });
        }
    }

    private static final class Replica {
        private final World world;
        private final Random random;
        private Memory memory = Memory.NONE;
        private @Nullable CronWorkflow view;
        private int viewed;

        Replica(World world, Random random) {
            this.world = world;
            this.random = random;
        }

        void look(Instant now, boolean troubled) {
            if (view == null || !troubled || random.nextInt(3) > 0) {
                view = world.cron;
                viewed = world.version;
            }
            CronPlan plan = CronPlan.of(view, List.copyOf(world.children.values()), memory, now);
            if (troubled && crashes()) {
                return;
            }
            memory = plan.memory();
            var status = plan.status();
            int held = viewed;
            if (plan.fire().isPresent()) {
                Fire fire = plan.fire().get();
                if (!world.annotate(held, Ledger.CLAIMED, fire.scheduled().toString())) {
                    return;
                }
                held++;
                memory = memory.claim(fire.scheduled());
                if (troubled && crashes()) {
                    return;
                }
                Child child = world.create(ChildWorkflow.name(view, fire.scheduled()));
                memory = memory.settle(fire.scheduled());
                if (troubled && crashes()) {
                    return;
                }
                status = CronPlan.started(status, fire.scheduled(), child.reference());
            }
            if (!status.equals(view.getStatus()) && held == world.version) {
                world.cron = world.cron.withStatus(status);
                world.version++;
            }
            plan.deletions().forEach(child -> world.children.remove(child.name()));
        }

        private boolean crashes() {
            if (random.nextInt(10) > 0) {
                return false;
            }
            memory = Memory.NONE;
            view = null;
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aQuietControllerStartsEachTimeOnce(long seed) {
        Random random = new Random(seed);
        World world = new World(cron(random, ""));
        Replica replica = new Replica(world, random);
        Instant start = start(random);
        for (Instant now = start; now.isBefore(start.plus(Duration.ofDays(2))); now = now.plusSeconds(15)) {
            replica.look(now, false);
            finishSome(world, random, now);
        }

        assertThat(world.started)
                .doesNotHaveDuplicates()
                .containsExactlyElementsOf(times(world.cron, start, start.plus(Duration.ofDays(2))));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void neverStartsOneTimeTwice(long seed) {
        Random random = new Random(seed);
        World world = new World(cron(random, seed % 2 == 0 ? "startingDeadlineSeconds: 600" : ""));
        List<Replica> replicas = List.of(new Replica(world, random), new Replica(world, random));
        Instant now = start(random);
        Set<String> possible = new HashSet<>(times(world.cron, now, now.plus(Duration.ofDays(6))));
        for (int i = 0; i < 8_000; i++) {
            now = now.plusSeconds(random.nextInt(20));
            if (random.nextInt(500) == 0) {
                now = now.plusSeconds(random.nextInt(3600) - 1800);
            }
            replicas.get(random.nextInt(2)).look(now, true);
            finishSome(world, random, now);
        }

        assertThat(world.started).isNotEmpty().doesNotHaveDuplicates().isSubsetOf(possible);
    }

    /** Workflows end, one after the other, in any way. */
    private static void finishSome(World world, Random random, Instant now) {
        world.children.replaceAll((name, child) -> child.isRunning() && random.nextInt(20) == 0
                ? new Child(
                        child.reference(),
                        random.nextBoolean() ? WorkflowPhase.SUCCEEDED : WorkflowPhase.FAILED,
                        now,
                        false)
                : child);
    }

    private static List<String> times(CronWorkflow cron, Instant from, Instant until) {
        List<String> names = new ArrayList<>();
        CronSchedule schedule = CronSchedule.parse(cron.getSpec().schedules().getFirst(), ZONE);
        for (Instant at = schedule.next(from.minusSeconds(1)).orElseThrow();
                at.isBefore(until);
                at = schedule.next(at).orElseThrow()) {
            names.add(ChildWorkflow.name(cron, at));
        }
        return names;
    }

    private static Instant start(Random random) {
        return Instant.parse(random.nextBoolean() ? "2026-03-07T00:00:00Z" : "2026-10-31T00:00:00Z");
    }

    private static CronWorkflow cron(Random random, String more) {
        List<String> schedules = List.of("*/10 * * * *", "30 * * * *", "15 1,2,3 * * *", "*/7 0-4 * * *");
        return Manifests.read(
                """
                apiVersion: argoproj.io/v1alpha1
                kind: CronWorkflow
                metadata: {name: tick, namespace: default, uid: u, creationTimestamp: "2020-01-01T00:00:00Z"}
                spec:
                  timezone: %s
                  schedules: ["%s"]
                  workflowSpec: {entrypoint: main}
                """.formatted(ZONE, schedules.get(random.nextInt(schedules.size()))) + more.indent(2),
                CronWorkflow.class);
    }
}
