package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.notEnsured;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.MemoizationStatus;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.ParameterBuilder;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Node;
import io.tiphys.testkit.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoScenarioTest {
    private static final String LEAF = """
            entrypoint: main
            templates:
            - name: main
              steps:
              - - {name: a, template: work, arguments: {parameters: [{name: k, value: one}]}}
              - - {name: b, template: work, arguments: {parameters: [{name: k, value: "{{steps.a.outputs.parameters.out}}"}]}}
            - name: work
              inputs: {parameters: [{name: k}]}
              memoize: {key: "key-{{inputs.parameters.k}}", maxAge: 10m, cache: {configMap: {name: store}}}
              container: {image: busybox}
              outputs: {parameters: [{name: out, valueFrom: {path: /out}}]}
            """;

    @Test
    void aHitNeedsNoPodAndGivesItsOutputs() {
        Scenario scenario =
                givenSpec(LEAF).submitted().then(notEnsured("a"), node("a").is(NodePhase.PENDING));
        scenario.cacheHas("a", outputs("two"), scenario.now().minusSeconds(60))
                .then(notEnsured("a"), node("a").is(NodePhase.SUCCEEDED));
        assertThat(status(scenario, "a")).isEqualTo(new MemoizationStatus(true, "key-one", "store"));
        assertThat(scenario.isSaved("a")).isFalse();

        scenario.cacheLacks("b").then(ensured("b"));
        assertThat(status(scenario, "b")).isEqualTo(new MemoizationStatus(false, "key-two", "store"));
    }

    @Test
    void whatSucceedsAfterAMissIsSavedOnce() {
        Scenario scenario = givenSpec(LEAF).submitted().cacheLacks("a");
        scenario.pod("a").yields(Map.of("out", "x")).then(node("a").is(NodePhase.SUCCEEDED));

        assertThat(scenario.run().pendingCommands())
                .as("until it is said to be done")
                .anyMatch(command -> command instanceof Command.SaveCache);
        Command.SaveCache save = scenario.savedOf("a");
        assertThat(save.cacheName()).isEqualTo("store");
        assertThat(save.key()).isEqualTo("key-one");
        assertThat(save.outputs())
                .isNotNull()
                .satisfies(saved ->
                        assertThat(saved.parameters().getFirst().value()).isEqualTo("x"));
        scenario.then();
        assertThat(scenario.run().pendingCommands()).noneMatch(command -> command instanceof Command.SaveCache);
    }

    @Test
    void whatFailsIsNotSaved() {
        Scenario scenario = givenSpec(LEAF).submitted().cacheLacks("a");
        scenario.pod("a").fails(1).then(workflow(WorkflowPhase.FAILED));
        assertThat(scenario.isSaved("a")).isFalse();
    }

    @Test
    void anEntryThatIsTooOldCountsAsNone() {
        Scenario scenario = givenSpec(LEAF).submitted();
        scenario.cacheHas("a", outputs("two"), scenario.now().minusSeconds(601)).then(ensured("a"));
        assertThat(status(scenario, "a").hit()).isFalse();
    }

    @Test
    void aCacheThatCantBeUsedIsTheNodesError() {
        givenSpec(LEAF)
                .submitted()
                .cacheFails("a", "refusing to use it")
                .then(node("a").is(NodePhase.ERROR).says("refusing to use it"), workflow(WorkflowPhase.FAILED));
    }

    @Test
    void aKeyThatIsNoneIsTheNodesError() {
        givenSpec(LEAF.replace("value: one", "value: 'one two'"))
                .submitted()
                .then(
                        node("a").is(NodePhase.ERROR).says("invalid cache key: key-one two"),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void stepsAndDagsAreSparedAsAWhole() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: S, template: inner}
                    - {name: T, template: work, dependencies: [S]}
                - name: inner
                  memoize: {key: inner, cache: {configMap: {name: store}}}
                  steps: [[{name: x, template: work}]]
                - name: work
                  container: {image: busybox}
                """).submitted().then(node("S").is(NodePhase.PENDING));
        scenario.cacheHas("S", Outputs.NONE, scenario.now())
                .then(node("S").is(NodeType.STEPS).is(NodePhase.SUCCEEDED), ensured("T"));
        assertThat(scenario.run().nodes()).noneMatch(node -> node.displayName().equals("x"));
    }

    @Test
    void theRetryNodeStandsForItsAttempts() {
        String spec = """
                entrypoint: main
                templates:
                - name: main
                  retryStrategy: {limit: 2}
                  memoize: {key: k, cache: {configMap: {name: store}}}
                  container: {image: busybox}
                """;
        Scenario missed = givenSpec(spec).submitted().cacheLacks("wf");
        missed.pod("wf(0)").fails(1).pod("wf(1)").succeeds().then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(missed.savedOf("wf").key()).isEqualTo("k");
        missed.then();

        Scenario hit = givenSpec(spec).submitted();
        hit.cacheHas("wf", Outputs.NONE, hit.now()).then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(hit.run().nodes()).hasSize(1);
    }

    /** What it made before stays, and would go on beside it while it waits for an answer. */
    @Test
    void stepsThatAreTriedAgainDoNotAskAgain() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          memoize: {key: k, cache: {configMap: {name: store}}}
                          steps: [[{name: a, template: work}, {name: b, template: work}]]
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .cacheLacks("wf")
                .pod("a")
                .succeeds()
                .pod("b")
                .fails(1)
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(ensured("b"), node("wf").is(NodePhase.RUNNING));
        assertThat(scenario.run().pendingCommands()).noneMatch(command -> command instanceof Command.LookUpCache);
        scenario.pod("b").succeeds().then(workflow(WorkflowPhase.SUCCEEDED));
        assertThat(scenario.isSaved("wf")).isTrue();
    }

    private static MemoizationStatus status(Scenario scenario, String name) {
        Node found = scenario.run().nodes().stream()
                .filter(node -> node.displayName().equals(name))
                .findFirst()
                .orElseThrow();
        MemoizationStatus status = scenario.run().status(found).memoizationStatus();
        assertThat(status).isNotNull();
        return status == null ? new MemoizationStatus(false, "", "") : status;
    }

    private static Outputs outputs(String value) {
        return Outputs.NONE.withParameters(
                List.of(ParameterBuilder.builder().name("out").value(value).build()));
    }

    @Test
    void aDaemonIsNotKept() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: server, template: server}], [{name: client, template: client}]]
                - name: server
                  daemon: true
                  memoize: {key: k, cache: {configMap: {name: cache}}}
                  container: {image: busybox}
                - name: client
                  container: {image: busybox}
                """)
                .submitted()
                .cacheLacks("server")
                .pod("server")
                .runs()
                .pod("client")
                .succeeds()
                .pod("server")
                .exits(143)
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        scenario -> assertThat(scenario.isSaved("server")).isFalse());
    }
}
