package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.notEnsured;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only shows while a workflow runs, since tags stand where the values will be: the node or metric says what is wrong. */
class InvalidFieldScenarioTest {
    private static Scenario of(String fields) {
        return givenSpec("""
                entrypoint: main
                arguments: {parameters: [{name: text, value: abc}, {name: empty, value: ""}]}
                templates:
                - name: main
                  container: {image: busybox}
                """ + fields.indent(2)).submitted();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {limit: "{{workflow.parameters.text}}"}                                  | value 'abc' cannot be resolved to an int
            {limit: 2, retryPolicy: "{{workflow.parameters.text}}"}                  | abc is not a valid RetryPolicy
            {limit: 2, backoff: {duration: "{{workflow.parameters.text}}"}}          | retryStrategy.backoff: "abc" is no duration such as 10s or 2m
            {limit: 2, backoff: {duration: "{{workflow.parameters.empty}}"}}         | no base duration specified for retryStrategy
            {limit: 2, backoff: {duration: 1, cap: "{{workflow.parameters.text}}"}}  | retryStrategy.backoff: "abc" is no duration such as 10s or 2m
            """)
    void ofARetryStrategy(String strategy, String message) {
        of("retryStrategy: " + strategy)
                .pod("wf(0)")
                .fails(1)
                .then(node("wf").is(NodePhase.ERROR).says(message));
    }

    @Test
    void ofARetryStrategyIsHandedToTheCallerAsATemplatesFaultIs() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps: [[{name: call, template: tasks}, {name: again, template: again}]]
                - name: tasks
                  dag: {tasks: [{name: again, template: again}]}
                - name: again
                  retryStrategy: {limit: 1, retryPolicy: Always, expression: none == 1}
                  container: {image: busybox}
                """)
                .submitted()
                .pod("wf[0].call.again(0)")
                .runs()
                .pod("wf[0].call.again(0)")
                .isDeleted()
                .pod("wf[0].again(0)")
                .fails(1)
                .then(
                        node("wf[0].call.again")
                                .satisfies(status -> assertThat(status.message())
                                        .startsWith("task 'wf[0].call.again' errored: unknown name none")),
                        node("wf[0].again")
                                .is(NodePhase.ERROR)
                                .satisfies(
                                        status -> assertThat(status.outputs()).isNull()),
                        node("wf[0]")
                                .is(NodePhase.ERROR)
                                .satisfies(
                                        status -> assertThat(status.message())
                                                .startsWith(
                                                        "step group deemed errored due to child wf[0].again error: unknown name none")));
    }

    @Test
    void ofALimitThatDoesntCountIsNotTold() {
        of("retryStrategy: {limit: '{{workflow.parameters.text}}'}")
                .pod("wf(0)")
                .runs()
                .pod("wf(0)")
                .isDeleted()
                .then(node("wf").is(NodePhase.ERROR).says("pod deleted"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {semaphores: [{}]}                                                           | cannot get LockName for a Semaphore without a ConfigMapRef or Database
            {semaphores: [{configMapKeyRef: {name: m, key: k}, database: {key: k}}]}     | invalid semaphore with both ConfigMapKeyRef and Database
            {semaphores: [{configMapKeyRef: {name: m, key: "{{workflow.parameters.empty}}"}}]} | configMapKeyRef of a semaphore needs a name and a key
            {semaphores: [{database: {key: "{{workflow.parameters.empty}}"}}]}           | the database of a semaphore needs a key
            {mutexes: [{name: "{{workflow.parameters.empty}}"}]}                         | a mutex needs a name
            {mutexes: [{name: m}, {name: m}]}                                            | duplicate synchronization item found
            """)
    void ofLocks(String synchronization, String message) {
        of("synchronization: " + synchronization).then(node("wf").satisfies(status -> {
            assertThat(status.phase()).isIn(NodePhase.ERROR, NodePhase.FAILED);
            assertThat(status.message()).endsWith("requested configuration is invalid: " + message);
        }));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            {name: m, counter: {value: "1"}}                                                 | metric 'm' must contain a help string under 'help: ' field
            {name: m, help: h, when: "1 ===", counter: {value: "1"}}                         | unable to compute 'when' clause for metric 'm'
            {name: "{{workflow.parameters.empty}}-", help: h, counter: {value: "1"}}         | could not construct metric '-': metric name is invalid
            {name: m, help: h, counter: {value: "-1"}}                                       | could not construct metric 'm': a counter can't go down: -1
            {name: m, help: h, counter: {value: "{{workflow.parameters.text}}"}}             | could not construct metric 'm': strconv.ParseFloat: parsing "abc": invalid syntax
            {name: m, help: h}                                                               | could not construct metric 'm': one of gauge, counter and histogram is needed
            {name: m, help: h, gauge: {realtime: true, value: "1"}}                          | could not construct metric 'm': real time metrics can only be used with metric variables
            {name: m, help: h, gauge: {realtime: true, value: "{{workflow.parameters.text}}"}} | could not construct metric 'm': '{{workflow.parameters.text}}' is not available as a real time metric
            """)
    void ofAMetricFailsNobodyAndIsACondition(String metric, String message) {
        Scenario scenario = of("metrics: {prometheus: [" + metric + "]}").everyPodSucceeds();
        scenario.then(node("wf").is(NodePhase.SUCCEEDED));
        assertThat(scenario.metrics()).isEmpty();
        assertThat(scenario.run().status().conditions())
                .filteredOn(condition -> "MetricsError".equals(condition.type()))
                .singleElement()
                .satisfies(condition -> assertThat(condition.message()).startsWith(message));
    }

    @Test
    void ofASuspension() {
        givenSpec("""
                entrypoint: main
                arguments: {parameters: [{name: text, value: abc}]}
                templates:
                - name: main
                  suspend: {duration: "{{workflow.parameters.text}}"}
                """)
                .submitted()
                .then(node("wf").is(NodePhase.ERROR).says("suspend duration \"abc\" is no duration such as 10s or 2m"));
    }

    @Test
    void ofAPodsDeadline() {
        of("activeDeadlineSeconds: '{{workflow.parameters.text}}'")
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .says("activeDeadlineSeconds is no number: For input string: \"abc\""));
    }

    @Test
    void ofALoop() {
        String loop = """
                entrypoint: main
                arguments: {parameters: [{name: text, value: abc}]}
                templates:
                - name: main
                  KIND
                - name: work
                  container: {image: busybox}
                """;
        Map<String, String> kinds = Map.of(
                "wf[0]",
                "steps: [[{name: a, template: work, withParam: '{{workflow.parameters.text}}'}]]",
                "wf.a",
                "dag: {tasks: [{name: a, template: work, withParam: '{{workflow.parameters.text}}'}]}");
        kinds.forEach((failing, kind) -> givenSpec(loop.replace("KIND", kind))
                .submitted()
                .then(node(failing)
                        .is(NodePhase.ERROR)
                        .satisfies(status -> assertThat(status.message()).contains("abc"))));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'retryStrategy: {limit: 1}'", "'daemon: false'"})
    void ofADisplayName(String field) {
        of(field + "\nannotations: {workflows.argoproj.io/display-name: \"no {{workflow.parameters.text}}\"}")
                .then(
                        node("wf")
                                .is(NodePhase.ERROR)
                                .says("displayName must match the regex ^[a-zA-Z0-9][a-zA-Z0-9-.]{0,61}[a-zA-Z0-9]$"),
                        notEnsured("wf"));
    }
}
