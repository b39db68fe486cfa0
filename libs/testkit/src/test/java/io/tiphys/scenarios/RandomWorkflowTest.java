package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.testkit.PodStory;
import io.tiphys.testkit.Scenario;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random workflows of nested steps, dags and loops, their pods ending in random order and sometimes badly: whatever
 * happens, each node ends once, nothing starts too early, the workflow ends, and all ways back lead to the same run.
 */
class RandomWorkflowTest {
    private static final int SEEDS = 50;

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(SEEDS);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void holdsItsInvariants(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Scenario scenario = Scenario.givenSpec(new Generator(random).spec()).submitted();
        int events = 0;
        while (!scenario.run().phase().isFulfilled()) {
            List<Node> open = openPods(scenario.run());
            if (open.isEmpty()) {
                scenario.after("10s"); // a retry waits
                assertThat(++events).as("steps until the end").isLessThan(5_000);
                continue;
            }
            Node pod = open.get(random.nextInt(open.size()));
            PodStory story = scenario.pod(pod.name());
            switch (random.nextInt(10)) {
                case 0 -> story.fails(1);
                case 1 -> story.runs().pod(pod.name()).isDeleted();
                case 2, 3 -> story.runs();
                default -> story.succeeds();
            }
            nothingStartsTooEarly(scenario.run());
            if (random.nextInt(8) == 0) {
                aLostTailIsDecidedAnew(scenario, random.nextInt(4));
                scenario.then();
            }
            assertThat(++events).as("steps until the end").isLessThan(5_000);
        }
        scenario.then();
        eachNodeEndsOnce(scenario);
        assertThat(scenario.run().nodes()).allMatch(Node::isFinal);
        Node entry = scenario.run().entry();
        Node exit = scenario.run().exit();
        boolean failed = (entry != null && entry.phase().isFailedOrError())
                || (exit != null && exit.phase().isFailedOrError());
        assertThat(scenario.run().phase() == WorkflowPhase.SUCCEEDED).isEqualTo(!failed);
    }

    /** Somebody who knows only the status and the pods brings the workflow to the same end. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void endsAlikeWhenItIsAdopted(long seed) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed + 1000);
        Scenario scenario = Scenario.givenSpec(new Generator(random).spec()).submitted();
        for (int i = random.nextInt(12); i > 0 && !scenario.run().phase().isFulfilled(); i--) {
            List<Node> open = openPods(scenario.run());
            if (open.isEmpty()) {
                scenario.after("10s");
                continue;
            }
            PodStory story = scenario.pod(open.get(random.nextInt(open.size())).name());
            switch (random.nextInt(5)) {
                case 0 -> story.fails(1);
                case 1 -> story.runs();
                default -> story.succeeds();
            }
        }
        Scenario heir = scenario.adopted();
        assertThat(outcome(heir)).as("at the take-over").isEqualTo(outcome(scenario));
        heir.then();
        assertThat(outcome(heir.runsByItself())).isEqualTo(outcome(scenario.runsByItself()));
        heir.then();
    }

    private static Map<String, String> outcome(Scenario scenario) {
        Map<String, String> outcome = new TreeMap<>();
        scenario.run().nodes().forEach(node -> {
            String children =
                    node.children().stream().map(Node::name).sorted().toList().toString();
            outcome.put(node.name(), node.type() + "/" + node.phase() + " " + node.message() + " " + children);
        });
        outcome.put("", scenario.run().phase() + " " + scenario.run().message());
        return outcome;
    }

    /** A crash while the last records were written: the same nodes come to be, under the same names, and no others. */
    private static void aLostTailIsDecidedAnew(Scenario scenario, int written) {
        Set<String> live = new TreeSet<>();
        scenario.run().nodes().forEach(node -> live.add(node.name()));
        Set<String> after = scenario.journal().namesAfterCrash(written, scenario.now());
        boolean limited = scenario.run().parallelism() != null
                || scenario.run().nodes().stream()
                        .anyMatch(node ->
                                node.template() != null && node.template().parallelism() != null);
        if (limited) {
            // who gets a free slot may differ, how many there are may not
            assertThat(after).hasSizeGreaterThanOrEqualTo(live.size() / 2);
        } else {
            assertThat(after).isEqualTo(live);
        }
    }

    private static List<Node> openPods(Run run) {
        return run.nodes().stream()
                .filter(node -> node.type() == NodeType.POD && !node.isFinal())
                .toList();
    }

    private static void eachNodeEndsOnce(Scenario scenario) {
        Set<Integer> ended = new HashSet<>();
        for (Event event : scenario.journal().events()) {
            if (event instanceof Event.NodePhaseChanged(var node, var phase, var _, var _) && phase.isFulfilled()) {
                assertThat(ended.add(node)).as("node " + node + " ends once").isTrue();
            }
        }
    }

    /** A task's node implies that all of its dependencies are settled; a group's that the one before is done. */
    private static void nothingStartsTooEarly(Run run) {
        for (Node node : run.nodes()) {
            Node boundary = node.boundary();
            if (boundary == null || boundary.template() == null) {
                continue;
            }
            if (node.origin().kind() == io.tiphys.engine.Origin.Kind.TASK) {
                for (int dependency :
                        boundary.template().dag().dependencies(node.origin().index())) {
                    Node before = boundary.unitNode(dependency);
                    assertThat(before).as("dependency of " + node.name()).isNotNull();
                    assertThat(before.isSettled())
                            .as(before + " before " + node.name())
                            .isTrue();
                }
            }
            Long limit = boundary.template().parallelism();
            if (limit != null && boundary.family() != null) {
                assertThat((long) boundary.family().active()).isLessThanOrEqualTo(limit);
            }
        }
        Long limit = run.parallelism();
        if (limit != null) {
            assertThat((long) run.activePods()).isLessThanOrEqualTo(limit);
        }
    }

    /** Makes specs: a few templates that call only later ones, so that there's no recursion. */
    private static final class Generator {
        private final RandomGenerator random;
        private final boolean limits;

        Generator(RandomGenerator random) {
            this.random = random;
            this.limits = random.nextBoolean();
        }

        String spec() {
            int templates = 2 + random.nextInt(4);
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < templates; i++) {
                String body = i == templates - 1
                        ? "  container: {image: busybox}\n"
                        : random.nextBoolean() ? steps(i, templates) : dag(i, templates);
                String retry = random.nextInt(4) == 0 ? "  retryStrategy: {limit: 1, retryPolicy: Always}\n" : "";
                String backoff = random.nextInt(6) == 0
                        ? "  retryStrategy: {limit: 2, backoff: {duration: 5s, factor: 2}}\n"
                        : retry;
                String limit = limits && i < templates - 1 && random.nextInt(3) == 0
                        ? "  parallelism: " + (1 + random.nextInt(3)) + "\n"
                        : "";
                texts.add("- name: t" + i + "\n" + backoff + limit + body);
            }
            String limit = limits && random.nextBoolean() ? "parallelism: " + (1 + random.nextInt(4)) + "\n" : "";
            String exit = random.nextInt(3) == 0 ? "onExit: t" + (templates - 1) + "\n" : "";
            return "entrypoint: t0\n" + limit + exit + "templates:\n" + String.join("", texts);
        }

        private String steps(int self, int templates) {
            StringBuilder text = new StringBuilder("  steps:\n");
            int groups = 1 + random.nextInt(3);
            for (int g = 0; g < groups; g++) {
                int width = 1 + random.nextInt(3);
                for (int s = 0; s < width; s++) {
                    text.append(s == 0 ? "  - - {" : "    - {")
                            .append(unit("s" + g + s, self, templates))
                            .append("}\n");
                }
            }
            return text.toString();
        }

        private String dag(int self, int templates) {
            StringBuilder text = new StringBuilder("  dag:\n    failFast: " + random.nextBoolean() + "\n    tasks:\n");
            int tasks = 1 + random.nextInt(6);
            for (int t = 0; t < tasks; t++) {
                List<String> dependencies = new ArrayList<>();
                for (int d = 0; d < t; d++) {
                    if (random.nextInt(3) == 0) {
                        dependencies.add("k" + d);
                    }
                }
                String depends = "";
                if (!dependencies.isEmpty()) {
                    String operator = random.nextBoolean() ? " && " : " || ";
                    String result = random.nextInt(4) == 0 ? ".Failed" : "";
                    depends = ", depends: \"" + String.join(result + operator, dependencies) + "\"";
                }
                text.append("    - {")
                        .append(unit("k" + t, self, templates))
                        .append(depends)
                        .append("}\n");
            }
            return text.toString().replace("continueOn: {failed: true}, ", "");
        }

        private String unit(String name, int self, int templates) {
            int target = self + 1 + random.nextInt(templates - self - 1);
            String loop = switch (random.nextInt(6)) {
                case 0 -> "withSequence: {count: " + random.nextInt(4) + "}, ";
                case 1 -> "withItems: [p, q], ";
                case 2 -> "when: \"" + random.nextInt(2) + " == 1\", ";
                default -> "";
            };
            String on = random.nextInt(5) == 0 ? "continueOn: {failed: true}, " : "";
            String hook = !limits && random.nextInt(8) == 0 ? "onExit: t" + (templates - 1) + ", " : "";
            return loop + on + hook + "name: " + name + ", template: t" + target;
        }
    }
}
