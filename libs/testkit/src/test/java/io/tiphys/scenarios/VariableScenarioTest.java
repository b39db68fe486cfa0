package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.order;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.given;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.testkit.Expectation;
import io.tiphys.testkit.Scenario;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the variables stand for, as pods get them. */
class VariableScenarioTest {
    /** A workflow of one pod with this one argument. */
    private static Scenario saying(String argument) {
        return given("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: wf
                  namespace: here
                  uid: u-1
                  creationTimestamp: "2026-03-04T15:06:07Z"
                  labels: {team: blue, area: north}
                  annotations: {note: hello, workflows.argoproj.io/scheduled-time: "2026-03-04T15:00:00Z"}
                spec:
                  entrypoint: main
                  serviceAccountName: runner
                  priority: 7
                  arguments: {parameters: [{name: p, value: v}]}
                  templates:
                  - name: main
                    container: {image: busybox, args: ['ARGUMENT']}
                """.replace("ARGUMENT", argument.replace("'", "''"))).submitted();
    }

    private static Expectation args(String node, String... args) {
        return order(
                node,
                order -> assertThat(order.template().container().getArgs()).containsExactly(args));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            workflow.name               | wf
            workflow.namespace          | here
            workflow.uid                | u-1
            workflow.mainEntrypoint     | main
            workflow.serviceAccountName | runner
            workflow.priority           | 7
            workflow.scheduledTime      | 2026-03-04T15:00:00Z
            workflow.parameters.p       | v
            workflow.labels.team        | blue
            workflow.annotations.note   | hello
            workflow.labels             | {"area":"north","team":"blue"}
            workflow.labels.json        | {"area":"north","team":"blue"}
            workflow.annotations        | {"note":"hello","workflows.argoproj.io/scheduled-time":"2026-03-04T15:00:00Z"}
            workflow.parameters         | [{"name":"p","value":"v"}]
            workflow.parameters.json    | [{"name":"p","value":"v"}]
            """)
    void factsOfTheWorkflow(String variable, String value) {
        saying("{{" + variable + "}}").then(args("wf", value));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            creationTimestamp         | 2026-03-04 15:06:07 +0000 UTC
            creationTimestamp.RFC3339 | 2026-03-04T15:06:07Z
            creationTimestamp.s       | 1772636767
            creationTimestamp.Y       | 2026
            creationTimestamp.%Y      | 2026
            creationTimestamp.m       | 03
            creationTimestamp.d       | 04
            creationTimestamp.H       | 15
            creationTimestamp.I       | 03
            creationTimestamp.M       | 06
            creationTimestamp.S       | 07
            creationTimestamp.p       | PM
            creationTimestamp.j       | 063
            creationTimestamp.a       | Wed
            creationTimestamp.A       | Wednesday
            creationTimestamp.b       | Mar
            creationTimestamp.B       | March
            """)
    void theTimeOfCreationInPartsAndFormats(String variable, String value) {
        saying("{{workflow." + variable + "}}").then(args("wf", value));
    }

    @Test
    void expressionsSeeTheSameVariables() {
        saying("{{=workflow.name + '/' + workflow.parameters.p + '/' + workflow.labels.team}}")
                .then(args("wf", "wf/v/blue"));
        saying("{{=workflow.creationTimestamp.RFC3339}}").then(args("wf", "2026-03-04T15:06:07Z"));
    }

    @Test
    void aPodKnowsItsNameAndWhereItsOutputsBelong() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  inputs:
                    parameters: [{name: p, value: v}]
                    artifacts: [{name: in, path: /in, raw: {data: x}}]
                  container:
                    image: busybox
                    args: ["{{pod.name}}", "{{node.name}}", "{{outputs.parameters.o.path}}", "{{outputs.artifacts.a.path}}", "{{inputs.artifacts.in.path}}", "{{inputs.parameters}}"]
                  outputs:
                    parameters: [{name: o, valueFrom: {path: /tmp/o}}]
                    artifacts: [{name: a, path: /tmp/a}]
                """)
                .submitted()
                .then(args("wf", "wf", "wf", "/tmp/o", "/tmp/a", "/in", "[{\"name\":\"p\",\"value\":\"v\"}]"));
    }

    @Test
    void anAttemptKnowsTheOneBefore() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  retryStrategy: {limit: 2}
                  container: {image: busybox, args: ["{{retries}} {{lastRetry.exitCode}} {{lastRetry.status}} {{lastRetry.message}} {{node.name}}"]}
                """)
                .submitted()
                .then(args("wf(0)", "0 0   wf"))
                .pod("wf(0)")
                .fails(3)
                .then(args("wf(1)", "1 3 Failed main: Error (exit code 3) wf"));
    }

    @Test
    void argumentsKnowTheNodeAroundTheirStep() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: a, template: work, arguments: {parameters: [{name: v, value: "{{steps.name}} {{node.name}}"}]}}
                    - name: b
                      template: work
                      withItems: [x]
                      arguments: {parameters: [{name: v, value: "{{steps.name}} {{node.name}}"}]}
                - name: work
                  inputs: {parameters: [{name: v}]}
                  container: {image: busybox, args: ["{{inputs.parameters.v}}", "{{steps.name}}"]}
                """)
                .submitted()
                .then(
                        node("wf[0].a").has("v", " wf"),
                        args("wf[0].a", " wf", "a"),
                        node("wf[0].b(0:x)").has("v", " wf"));
    }

    @Test
    void tasksHaveNamesOfTheirOwn() {
        Scenario scenario = givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: a, template: work, arguments: {parameters: [{name: v, value: "{{tasks.name}} {{node.name}} {{pod.name}}"}]}}
                - name: work
                  inputs: {parameters: [{name: v}]}
                  container: {image: busybox, args: ["{{tasks.name}}", "{{pod.name}}"]}
                """).submitted();
        String pod = scenario.openOrders().getFirst().podName();
        scenario.then(node("wf.a").has("v", "a wf " + pod), args("wf.a", "a", pod));
    }

    @Test
    void whatIsKnownOfAStepThatRan() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  steps:
                  - - {name: a, template: first}
                  - - {name: b, template: next, arguments: {parameters: [{name: v, value: "{{steps.a.exitCode}} {{steps.a.startedAt}} {{steps.a.finishedAt}} {{steps.a.hostNodeName}} {{steps.a.status}}"}, {name: id, value: "{{steps.a.id}}"}]}}
                - name: first
                  container: {image: busybox}
                - name: next
                  inputs: {parameters: [{name: v}, {name: id}]}
                  container: {image: busybox}
                """)
                .submitted()
                .after("5s")
                .pod("a")
                .runs()
                .after("10s")
                .pod("a")
                .succeeds()
                .then(node("b")
                        .has("v", "0 2026-01-01T00:00:00Z 2026-01-01T00:00:15Z host-1 Succeeded")
                        .satisfies(status -> assertThat(
                                        status.inputs().parameters().getLast().value())
                                .startsWith("wf-")));
    }

    @Test
    void anExitHandlerKnowsHowItWentAndHowLongItTook() {
        givenSpec("""
                entrypoint: main
                onExit: bye
                templates:
                - name: main
                  container: {image: busybox}
                - name: bye
                  container: {image: busybox, args: ["{{workflow.status}}", "{{workflow.duration}}"]}
                """)
                .submitted()
                .after("3s")
                .pod("wf")
                .fails(1)
                .then(args("wf.onExit", "Failed", "3.000000"))
                .pod("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED), node("wf.onExit").is(NodePhase.SUCCEEDED));
    }

    @Test
    void aDeclaredValueMayNameOtherInputs() {
        givenSpec("""
                        entrypoint: main
                        arguments: {parameters: [{name: a, value: given}]}
                        templates:
                        - name: main
                          inputs:
                            parameters:
                            - {name: a}
                            - {name: b, value: "b-{{inputs.parameters.a}}"}
                            - {name: c, default: "{{=inputs.parameters.a == 'given' ? toJson([inputs.parameters.a]) : '[]'}}"}
                            - {name: d, value: "{{unknown}}"}
                          container: {image: busybox, args: ["{{inputs.parameters.c}}"]}
                        """)
                .submitted()
                .then(
                        node("wf").has("b", "b-given"),
                        node("wf").has("c", "[\"given\"]"),
                        node("wf").has("d", "{{unknown}}"));
    }

    @Test
    void namesStayWhenTheOutputThatTheyWereMadeOfBecomesAnother() {
        givenSpec("""
                entrypoint: main
                templates:
                - name: main
                  dag:
                    tasks:
                    - {name: first, template: make}
                    - {name: named, template: named, depends: first}
                    - {name: second, template: make, depends: first}
                - name: make
                  container: {image: busybox}
                  outputs: {parameters: [{name: o, globalName: x, valueFrom: {path: /o}}]}
                - name: named
                  steps: [[{name: 'is-{{workflow.outputs.parameters.x}}', template: work}], [{name: last, template: work}]]
                - name: work
                  container: {image: busybox}
                """)
                .submitted()
                .pod("first")
                .yields(Map.of("o", "a"))
                .pod("second")
                .yields(Map.of("o", "b"))
                .then(node("wf.named[0].is-a").is(NodePhase.PENDING))
                .pod("is-a")
                .succeeds()
                .pod("last")
                .succeeds()
                .then(node("wf.named[0].is-a").is(NodePhase.SUCCEEDED), workflow(WorkflowPhase.SUCCEEDED));
    }
}
