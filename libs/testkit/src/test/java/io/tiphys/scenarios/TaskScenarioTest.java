package io.tiphys.scenarios;

import static io.tiphys.api.NodePhase.ERROR;
import static io.tiphys.api.NodePhase.FAILED;
import static io.tiphys.api.NodePhase.OMITTED;
import static io.tiphys.api.NodePhase.PENDING;
import static io.tiphys.api.NodePhase.RUNNING;
import static io.tiphys.api.NodePhase.SUCCEEDED;
import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.tasked;
import static io.tiphys.testkit.Expect.untasked;
import static io.tiphys.testkit.Expect.workflow;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.testkit.Scenario;
import java.util.List;
import org.junit.jupiter.api.Test;

/** HTTP and plugin nodes: tasks of the agent. */
class TaskScenarioTest {
    private static final String CHAIN = """
            entrypoint: main
            templates:
              - name: main
                steps:
                  - - {name: get, template: get, arguments: {parameters: [{name: path, value: a}]}}
                  - - {name: again, template: get, arguments: {parameters: [{name: path, value: "{{steps.get.outputs.result}}"}]}}
              - name: get
                inputs: {parameters: [{name: path}]}
                http: {url: "http://localhost/{{inputs.parameters.path}}", timeoutSeconds: 5}
            """;

    private static final String ONE = """
            entrypoint: main
            templates:
              - name: main
                http: {url: "http://localhost/{{workflow.name}}"}
            """;

    @Test
    void bodiesGoFromRequestToRequest() {
        Scenario scenario = Scenario.givenSpec(CHAIN)
                .submitted()
                .then(node("get").is(PENDING), node("get").is(NodeType.HTTP), tasked("get"));
        assertThat(scenario.task("get").template().http())
                .satisfies(http -> assertThat(http.url()).isEqualTo("http://localhost/a"));

        scenario.task("get").answers("b").then(node("get").is(SUCCEEDED), untasked("get"), tasked("again"));
        assertThat(scenario.task("again").template().http())
                .satisfies(http -> assertThat(http.url()).isEqualTo("http://localhost/b"));
        scenario.task("again")
                .succeeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("wf")
                                .satisfies(
                                        status -> assertThat(status.progress()).isEqualTo("2/2")));
    }

    @Test
    void aFailedRequestFailsItsStep() {
        Scenario.givenSpec(CHAIN)
                .submitted()
                .task("get")
                .fails("received non-2xx response code: 500")
                .then(
                        node("get").is(FAILED).says("received non-2xx response code: 500"),
                        workflow(WorkflowPhase.FAILED));
    }

    @Test
    void theEntryMayBeARequest() {
        Scenario.givenSpec(ONE)
                .submitted()
                .then(node("wf").is(NodeType.HTTP), tasked("wf"))
                .task("wf")
                .succeeds()
                .then(
                        workflow(WorkflowPhase.SUCCEEDED),
                        node("wf")
                                .satisfies(
                                        status -> assertThat(status.progress()).isEqualTo("1/1")));
    }

    @Test
    void aPluginIsAskedAgainUntilItIsDone() {
        Scenario.givenSpec("""
                        entrypoint: main
                        templates:
                          - name: main
                            plugin: {hello: {to: "{{workflow.name}}"}}
                        """)
                .submitted()
                .then(node("wf").is(PENDING), node("wf").is(NodeType.PLUGIN))
                .task("wf")
                .goesOn("half way", "1/2")
                .then(
                        node("wf").is(RUNNING).says("half way"),
                        node("wf")
                                .satisfies(
                                        status -> assertThat(status.progress()).isEqualTo("1/2")),
                        tasked("wf"))
                .task("wf")
                .ends(
                        SUCCEEDED,
                        "done",
                        Outputs.NONE.withParameters(
                                List.of(new Parameter("greeting", null, "hi", null, null, List.of(), null))))
                .then(
                        node("wf").is(SUCCEEDED).says("done").yields("greeting", "hi"),
                        untasked("wf"),
                        workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void failedRequestsAreRetried() {
        Scenario scenario = Scenario.givenSpec("""
                        entrypoint: main
                        templates:
                          - name: main
                            retryStrategy: {limit: 2, retryPolicy: Always, backoff: {duration: 10s}}
                            http: {url: "http://localhost/{{retries}}"}
                        """)
                .submitted()
                .task("wf(0)")
                .fails("received non-2xx response code: 503")
                .then(node("wf").says("Backoff for 10 seconds"))
                .after("10s")
                .then(tasked("wf(1)"));
        assertThat(scenario.task("wf(1)").template().http())
                .satisfies(http -> assertThat(http.url()).isEqualTo("http://localhost/1"));
        scenario.task("wf(1)")
                .errs("agent pod failed")
                .after("20s")
                .task("wf(2)")
                .succeeds();
        scenario.then(workflow(WorkflowPhase.SUCCEEDED), node("wf(1)").is(ERROR));
    }

    @Test
    void aTemplatesTimeoutEndsTheTask() {
        Scenario.givenSpec(ONE + "    timeout: 30s\n")
                .submitted()
                .after("29s")
                .then(node("wf").is(PENDING))
                .after("1s")
                .then(node("wf").is(FAILED).says("timeout"), untasked("wf"), workflow(WorkflowPhase.ERROR));
    }

    @Test
    void theWorkflowsDeadlineEndsTheTask() {
        Scenario.givenSpec(ONE + "activeDeadlineSeconds: 5\n")
                .submitted()
                .after("5s")
                .then(node("wf").is(FAILED).says("Step exceeded its deadline"), untasked("wf"));
    }

    @Test
    void stoppingEndsTheTaskButNotTheExitHandlers() {
        Scenario.givenSpec(CHAIN + """
                          - name: bye
                            http: {url: "http://localhost/bye"}
                        onExit: bye
                        """.indent(0))
                .submitted()
                .stopped()
                .then(node("get").is(FAILED).says("Stopped with strategy 'Stop'"), untasked("get"), tasked("wf.onExit"))
                .task("wf.onExit")
                .succeeds()
                .then(workflow(WorkflowPhase.FAILED, "Stopped with strategy 'Stop'"));
    }

    @Test
    void aLateResultChangesNothing() {
        Scenario scenario = Scenario.givenSpec(ONE + "    timeout: 30s\n").submitted();
        var late = scenario.task("wf");
        scenario.after("30s");
        late.answers("too late").then(node("wf").is(FAILED).says("timeout"));
    }

    @Test
    void aRestoredRunOrdersItsOpenTasksAgain() {
        Scenario scenario = Scenario.givenSpec(CHAIN).submitted().task("get").answers("b");

        assertThat(scenario.journal().restored().pendingCommands())
                .filteredOn(command -> command instanceof Command.RunTask)
                .hasSize(1);
    }

    @Test
    void aRetriedWorkflowDoesItsFailedTasksAgain() {
        Scenario.givenSpec(CHAIN)
                .submitted()
                .task("get")
                .answers("b")
                .task("again")
                .fails("no")
                .then(workflow(WorkflowPhase.FAILED))
                .retried()
                .then(node("get").is(SUCCEEDED), node("again").is(PENDING), tasked("again"), untasked("get"))
                .task("again")
                .succeeds()
                .then(workflow(WorkflowPhase.SUCCEEDED));
    }

    @Test
    void tasksMayDependOnRequests() {
        Scenario.givenSpec("""
                        entrypoint: main
                        templates:
                          - name: main
                            dag:
                              tasks:
                                - {name: a, template: get}
                                - {name: onBad, depends: a.Failed, template: get}
                                - {name: onGood, depends: a.Succeeded, template: get}
                          - name: get
                            http: {url: "http://localhost/"}
                        """)
                .submitted()
                .task("a")
                .succeeds()
                .then(node("onBad").is(OMITTED), tasked("onGood"));
    }
}
