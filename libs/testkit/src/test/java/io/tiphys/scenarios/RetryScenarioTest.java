package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.ensured;
import static io.tiphys.testkit.Expect.noNode;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Limits;
import io.tiphys.engine.TransientErrors;
import io.tiphys.testkit.Scenario;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryScenarioTest {
    private static Scenario retrying(String strategy) {
        return givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  retryStrategy: %s
                  container: {image: busybox, args: ["{{retries}} {{lastRetry.exitCode}}"]}
                """.formatted(strategy));
    }

    @Test
    void attemptsHangUnderARetryNode() {
        retrying("{limit: 2}")
                .submitted()
                .then(
                        node("wf").is(NodeType.RETRY).is(NodePhase.RUNNING),
                        node("wf(0)")
                                .is(NodeType.POD)
                                .satisfies(status ->
                                        assertThat(status.nodeFlag().retried()).isTrue()),
                        order(
                                "wf(0)",
                                order -> assertThat(order.template().container().getArgs())
                                        .containsExactly("0 0")))
                .pod("wf(0)")
                .fails(3)
                .then(
                        ensured("wf(1)"),
                        order(
                                "wf(1)",
                                order -> assertThat(order.template().container().getArgs())
                                        .containsExactly("1 3")))
                .pod("wf(1)")
                .succeeds()
                .then(node("wf").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void theLimitCountsRetriesNotAttempts() {
        retrying("{limit: 1}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .pod("wf(1)")
                .fails(1)
                .then(
                        noNode("wf(2)"),
                        node("wf").is(NodePhase.FAILED).says("No more retries left"),
                        workflow(WorkflowPhase.FAILED, "No more retries left"));
    }

    @Test
    void waitsAsLongAsTheBackoffSays() {
        retrying("{limit: 3, backoff: {duration: 2s, factor: 2}}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").says("Backoff for 2 seconds"), noNode("wf(1)"))
                .after("1s")
                .then(noNode("wf(1)"))
                .after("1s")
                .then(ensured("wf(1)"), node("wf").says(null))
                .pod("wf(1)")
                .fails(1)
                .then(node("wf").says("Backoff for 4 seconds"))
                .after("4s")
                .then(ensured("wf(2)"));
    }

    @Test
    void aBackoffThatIsLongerThanAnyClockIsWaitedFor() {
        retrying("{limit: 3, backoff: {duration: '827856101835712', factor: 2}}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(noNode("wf(1)"), node("wf").is(NodePhase.RUNNING));
    }

    @Test
    void stopsWhenTheNextWaitWouldExceedTheMaximalDuration() {
        retrying("{limit: 3, backoff: {duration: 10s, maxDuration: 5s}}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").is(NodePhase.FAILED).says("Backoff would exceed max duration limit"));
    }

    @Test
    void errorsAreNotRetriedByDefault() {
        retrying("{limit: 3}")
                .submitted()
                .pod("wf(0)")
                .runs()
                .pod("wf(0)")
                .isDeleted()
                .then(node("wf").is(NodePhase.ERROR).says("pod deleted"));
    }

    @Test
    void anExpressionDecides() {
        retrying("{limit: 5, expression: 'asInt(lastRetry.exitCode) != 7'}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(ensured("wf(1)"))
                .pod("wf(1)")
                .fails(7)
                .then(node("wf").is(NodePhase.FAILED).says("retryStrategy.expression evaluated to false"));
    }

    @Test
    void aRetriedDagRunsWholeAgain() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          retryStrategy: {limit: 1}
                          dag: {tasks: [{name: A, template: work}]}
                        - name: work
                          container: {image: busybox}
                        """)
                .submitted()
                .pod("wf(0).A")
                .fails(1)
                .then(node("wf(0)").is(NodePhase.FAILED), ensured("wf(1).A"))
                .pod("wf(1).A")
                .succeeds()
                .then(node("wf").is(NodePhase.SUCCEEDED));
    }

    @Test
    void avoidsHostsOfFailedAttempts() {
        retrying("{limit: 1, affinity: {nodeAntiAffinity: {}}}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(order("wf(1)", order -> assertThat(order.hostsToAvoid()).containsExactly("host-1")));
    }

    @Test
    void aDagThatIsTriedAgainTellsItsTasksTheAttempt() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          retryStrategy: {limit: "1"}
                          dag:
                            tasks:
                            - {name: a, template: say, arguments: {parameters: [{name: t, value: "{{retries}}"}]}}
                        - name: say
                          inputs: {parameters: [{name: t}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(node("wf(0).a").has("t", "0"))
                .pod("wf(0).a")
                .fails(1)
                .then(node("wf(1).a").has("t", "1"));
    }

    @Test
    void transientErrorsAreKnownByTheirMessages() {
        retrying("{limit: 1, retryPolicy: OnTransientError}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").is(NodePhase.FAILED).says("main: Error (exit code 1)"));
        retrying("{limit: 1, retryPolicy: OnTransientError}")
                .submitted()
                .pod("wf(0)")
                .isEvicted("dial tcp: i/o timeout")
                .then(ensured("wf(1)"));
    }

    @Test
    void transientErrorsAreThoseOfTheOperatorsPatternToo() {
        EngineSettings settings =
                new EngineSettings(Limits.DEFAULT, TransientErrors.of(Optional.of("low on (disk|memory)")), true);
        retrying("{limit: 1, retryPolicy: OnTransientError}")
                .under(settings)
                .submitted()
                .pod("wf(0)")
                .isEvicted("the node was low on disk")
                .then(ensured("wf(1)"));
        assertThatThrownBy(() -> TransientErrors.of(Optional.of("a(b")))
                .hasMessageStartingWith("tiphys.controller.transient-error-pattern is \"a(b\", no regular expression");
    }

    @Test
    void errorsAreRetriedByThePolicyForThem() {
        retrying("{limit: 1, retryPolicy: OnError}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").is(NodePhase.FAILED), noNode("wf(1)"));
        retrying("{limit: 1, retryPolicy: OnError}")
                .submitted()
                .pod("wf(0)")
                .runs()
                .pod("wf(0)")
                .isDeleted()
                .then(ensured("wf(1)"));
    }

    @Test
    void waitsGrowUpToTheCap() {
        retrying("{limit: 3, backoff: {duration: 2s, factor: 4, cap: 3s}}")
                .submitted()
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").says("Backoff for 2 seconds"))
                .after("2s")
                .pod("wf(1)")
                .fails(1)
                .then(node("wf").says("Backoff for 3 seconds"));
    }

    @Test
    void stopsWhenTheMaximalDurationIsOver() {
        retrying("{limit: 3, backoff: {duration: 1s, maxDuration: 5s}}")
                .submitted()
                .after("6s")
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").is(NodePhase.FAILED).says("Max duration limit exceeded"));
    }

    @Test
    void anExpressionSeesHowTheLastAttemptWentAndHowLongItTook() {
        String expression = "lastRetry.status == 'Failed' && asInt(lastRetry.duration) >= 2"
                + " && lastRetry.message contains 'exit code' && asInt(retries) < 2";
        retrying("{limit: 5, expression: \"" + expression + "\"}")
                .submitted()
                .after("2s")
                .pod("wf(0)")
                .fails(1)
                .then(ensured("wf(1)"))
                .after("1s")
                .pod("wf(1)")
                .fails(1)
                .then(node("wf").is(NodePhase.FAILED).says("retryStrategy.expression evaluated to false"));
    }

    @Test
    void aTaskSaysThatItsAttemptCouldNotBeCarriedOut() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          dag: {tasks: [{name: A, template: nested}]}
                        - name: nested
                          retryStrategy: {limit: 1}
                          outputs:
                            parameters: [{name: x, valueFrom: {parameter: "{{tasks.a.outputs.parameters.y}}"}}]
                          dag: {tasks: [{name: a, template: work, when: "false"}]}
                        - name: work
                          outputs: {parameters: [{name: y, valueFrom: {path: /y}}]}
                          container: {image: busybox}
                        """)
                .submitted()
                .then(
                        node("A(0)")
                                .is(NodePhase.ERROR)
                                .satisfies(
                                        status -> assertThat(status.message()).startsWith("Unable to resolve")),
                        node("A")
                                .is(NodePhase.ERROR)
                                .satisfies(status -> assertThat(status.message())
                                        .startsWith("task 'wf.A' errored: Unable to resolve")));
    }

    /** Each attempt's message quotes all failures before it, quotation marks escaped once more. */
    @Test
    void messagesThatQuoteAllMessagesBeforeThemAreShortened() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          retryStrategy: {limit: 20, retryPolicy: Always}
                          steps: [[{name: a, template: work, withSequence: {count: "{{workflow.failures}}"}}]]
                        - name: work
                          container: {image: busybox}
                        """).submitted().then(workflow(WorkflowPhase.FAILED));
        assertThat(scenario.run().nodes())
                .filteredOn(node -> node.message() != null)
                .hasSizeGreaterThan(20)
                .allSatisfy(node -> assertThat(node.message()).hasSizeLessThanOrEqualTo(16_384))
                .anySatisfy(node -> assertThat(node.message())
                        .startsWith("strconv.Atoi")
                        .contains(" ... ")
                        .endsWith("invalid syntax"));
    }
}
