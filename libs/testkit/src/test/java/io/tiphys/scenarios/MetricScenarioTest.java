package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Condition;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.MetricSample;
import io.tiphys.engine.MetricSample.Value;
import io.tiphys.testkit.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricScenarioTest {
    @Test
    void aTemplatesMetricsAreToldWhenItsNodeEnds() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  inputs: {parameters: [{name: p, value: north}]}
                  metrics:
                    prometheus:
                    - {name: runs, help: how often, labels: [{key: side, value: "{{inputs.parameters.p}}"}, {key: s, value: "{{status}}"}], counter: {value: "1"}}
                    - {name: took, help: how long, gauge: {value: "{{duration}}"}}
                    - {name: up, help: more, gauge: {value: "2", operation: Add}}
                    - {name: never, help: not now, when: "{{status}} == Failed", counter: {value: "1"}}
                    - {name: spread, help: how, histogram: {value: "{{exitCode}}", buckets: [1, 2.5]}}
                  container: {image: busybox}
                """).submitted();
        assertThat(scenario.metrics()).isEmpty();

        scenario.pod("wf").runs().after("3s").pod("wf").succeeds().then(workflow(WorkflowPhase.SUCCEEDED));

        assertThat(scenario.metrics())
                .extracting(MetricSample::name, MetricSample::value)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("runs", new Value.Counted(1)),
                        org.assertj.core.groups.Tuple.tuple("took", new Value.Set(3)),
                        org.assertj.core.groups.Tuple.tuple("up", new Value.Moved(2)),
                        org.assertj.core.groups.Tuple.tuple(
                                "spread",
                                new Value.Observed(
                                        0, List.of(new java.math.BigDecimal("1"), new java.math.BigDecimal("2.5")))));
        assertThat(scenario.metrics().getFirst().labels()).isEqualTo(Map.of("side", "north", "s", "Succeeded"));
    }

    @Test
    void eachFailedAttemptCountsAndThenTheRetryNode() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  retryStrategy: {limit: 2}
                  metrics: {prometheus: [{name: runs, help: how often, labels: [{key: s, value: "{{status}}"}], counter: {value: "1"}}]}
                  container: {image: busybox}
                """).submitted();
        scenario.pod("wf(0)")
                .fails(1)
                .pod("wf(1)")
                .fails(1)
                .pod("wf(2)")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));

        assertThat(scenario.metrics())
                .extracting(sample -> sample.labels().get("s"))
                .containsExactly("Failed", "Failed", "Succeeded");
    }

    @Test
    void theWorkflowsOwnMetricsAreToldAtItsEndAndRealtimeOnesFromItsBeginning() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                metrics:
                  prometheus:
                  - {name: going, help: since when, gauge: {realtime: true, value: "{{workflow.duration}}"}}
                  - {name: ends, help: how it ended, labels: [{key: s, value: "{{workflow.status}}"}], counter: {value: "1"}}
                templates:
                - name: main
                  container: {image: busybox}
                """).submitted();
        assertThat(scenario.metrics()).extracting(MetricSample::name).containsOnly("going");
        assertThat(scenario.metrics().getFirst().value()).isEqualTo(new Value.Elapsing(scenario.now(), null));

        scenario.after("2s").pod("wf").fails(1).then(workflow(WorkflowPhase.FAILED));

        assertThat(scenario.metrics().reversed()).extracting(MetricSample::name).startsWith("ends", "going");
        assertThat(scenario.metrics().getLast().labels()).containsEntry("s", "Failed");
    }

    @Test
    void aMetricThatMakesNoSenseIsAConditionAndFailsNobody() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  metrics: {prometheus: [{name: bad, help: "no number", counter: {value: "{{inputs.none}}"}}]}
                  container: {image: busybox}
                """).submitted().pod("wf").succeeds().then(workflow(WorkflowPhase.SUCCEEDED));

        assertThat(scenario.metrics()).isEmpty();
        assertThat(scenario.run().status().conditions())
                .filteredOn(condition -> condition.type().equals("MetricsError"))
                .extracting(Condition::message)
                .singleElement()
                .asString()
                .contains("bad");
    }

    @Test
    void aMetricMaySpeakOfOutputsAndFollowTheNodesDuration() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: a, template: work}
                  - - {name: b, template: next, when: "{{steps.a.outputs.result}} == 0"}
                - name: next
                  container: {image: busybox}
                - name: work
                  metrics:
                    prometheus:
                    - {name: since, help: how long, gauge: {realtime: true, value: "{{duration}}"}}
                    - {name: printed, help: what, gauge: {value: "{{outputs.result}}", operation: Sub}}
                    - {name: yielded, help: what, labels: [{key: o, value: "{{outputs.parameters.o}}"}], gauge: {value: "{{outputs.parameters.o}}"}}
                    - {name: used, help: what, gauge: {value: "{{resourcesDuration.cpu}}"}}
                  script: {image: busybox, source: echo}
                  outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}
                """).submitted();
        var began = scenario.now();
        assertThat(scenario.metrics()).extracting(MetricSample::value).containsExactly(new Value.Elapsing(began, null));

        scenario.after("2s").pod("a").ends(0, Map.of("o", "4"), "3").then(workflow(WorkflowPhase.SUCCEEDED));

        assertThat(scenario.metrics())
                .extracting(MetricSample::name, MetricSample::value)
                .contains(
                        org.assertj.core.groups.Tuple.tuple("since", new Value.Elapsing(began, began.plusSeconds(2))),
                        org.assertj.core.groups.Tuple.tuple("printed", new Value.Moved(-3)),
                        org.assertj.core.groups.Tuple.tuple("yielded", new Value.Set(4)),
                        org.assertj.core.groups.Tuple.tuple("used", new Value.Set(0)));
    }
}
