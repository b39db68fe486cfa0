package io.tiphys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Node;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The words of expectations. */
public final class Expect {
    private Expect() {}

    public static NodeExpectation node(String name) {
        return new NodeExpectation(name, scenario -> {});
    }

    public static Expectation noNode(String name) {
        return scenario ->
                assertThat(scenario.findOrNull(name)).as("node " + name).isNull();
    }

    public static Expectation workflow(WorkflowPhase phase) {
        return scenario -> assertThat(scenario.run().phase())
                .as("workflow, message " + scenario.run().message())
                .isEqualTo(phase);
    }

    public static Expectation workflow(WorkflowPhase phase, @Nullable String message) {
        return scenario -> {
            assertThat(scenario.run().phase()).as("workflow").isEqualTo(phase);
            assertThat(scenario.run().message()).as("message of the workflow").isEqualTo(message);
        };
    }

    /** A pod was ordered for this node. */
    public static Expectation ensured(String name) {
        return scenario -> assertThat(scenario.isOrdered(scenario.find(name)))
                .as("pod of " + name + " ordered")
                .isTrue();
    }

    /** The agent has the node's task to do. */
    public static Expectation tasked(String name) {
        return scenario -> assertThat(scenario.isTask(scenario.find(name)))
                .as("task of " + name)
                .isTrue();
    }

    /** The agent has nothing to do for this node. */
    public static Expectation untasked(String name) {
        return scenario -> assertThat(scenario.isTask(scenario.find(name)))
                .as("task of " + name)
                .isFalse();
    }

    /** No pod was ordered for the node. */
    public static Expectation notEnsured(String name) {
        return scenario -> assertThat(scenario.isOrdered(scenario.find(name)))
                .as("order for a pod of " + name)
                .isFalse();
    }

    /** What the order for the node's pod says. */
    public static Expectation order(String name, Consumer<Command.EnsurePod> check) {
        return scenario -> check.accept(scenario.order(scenario.find(name)));
    }

    /** The node's pod was asked to end. */
    public static Expectation ended(String name) {
        return scenario -> {
            String id = scenario.find(name).id();
            assertThat(scenario.ends())
                    .as("pods asked to end")
                    .anyMatch(command -> command instanceof Command.EndPod end
                            && end.nodeId().equals(id));
        };
    }

    public static Expectation activePods(int count) {
        return scenario -> assertThat(scenario.activePods()).as("active pods").isEqualTo(count);
    }

    /** Who holds a lock: {@code <ns>/<workflow>} or {@code <ns>/<workflow>/<node id>}. */
    public static Expectation heldBy(String lock, String... holders) {
        return scenario ->
                assertThat(scenario.holdersOf(lock)).as("holders of " + lock).containsExactly(holders);
    }

    /** Names of all nodes, in any order. */
    public static Expectation nodes(String... names) {
        return scenario -> assertThat(
                        scenario.run().nodes().stream().map(Node::name).toList())
                .containsExactlyInAnyOrder(names);
    }

    public static Expectation globalOutput(String name, String value) {
        return scenario -> {
            Parameter parameter = scenario.run().globalParameters().get(name);
            assertThat(parameter == null ? null : parameter.value())
                    .as("global output " + name)
                    .isEqualTo(value);
        };
    }

    /** Expectations about one node. */
    public static final class NodeExpectation implements Expectation {
        private final String name;
        private final Expectation checks;

        private NodeExpectation(String name, Expectation checks) {
            this.name = name;
            this.checks = checks;
        }

        @Override
        public void check(Scenario scenario) {
            scenario.find(name);
            checks.check(scenario);
        }

        private NodeExpectation and(Consumer<NodeStatus> check) {
            return new NodeExpectation(name, scenario -> {
                checks.check(scenario);
                check.accept(scenario.run().status(scenario.find(name)));
            });
        }

        public NodeExpectation is(NodePhase phase) {
            return and(status -> assertThat(status.phase())
                    .as(name + ", message " + status.message())
                    .isEqualTo(phase));
        }

        public NodeExpectation is(NodeType type) {
            return and(status -> assertThat(status.type()).as(name).isEqualTo(type));
        }

        public NodeExpectation says(@Nullable String message) {
            return and(status ->
                    assertThat(status.message()).as("message of " + name).isEqualTo(message));
        }

        public NodeExpectation has(String parameter, String value) {
            return and(status -> {
                List<Parameter> parameters =
                        status.inputs() == null ? List.of() : status.inputs().parameters();
                assertThat(value(parameters, parameter))
                        .as("input " + parameter + " of " + name)
                        .isEqualTo(value);
            });
        }

        public NodeExpectation yields(String parameter, String value) {
            return and(status -> {
                List<Parameter> parameters =
                        status.outputs() == null ? List.of() : status.outputs().parameters();
                assertThat(value(parameters, parameter))
                        .as("output " + parameter + " of " + name)
                        .isEqualTo(value);
            });
        }

        public NodeExpectation satisfies(Consumer<NodeStatus> check) {
            return and(check);
        }

        private static @Nullable String value(List<Parameter> parameters, String name) {
            for (Parameter parameter : parameters) {
                if (parameter.name().equals(name)) {
                    return parameter.value();
                }
            }
            return null;
        }
    }
}
