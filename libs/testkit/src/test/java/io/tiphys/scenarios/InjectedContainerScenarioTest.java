package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Expect.workflow;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.engine.Transition;
import io.tiphys.testkit.Scenario;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Containers that an admission webhook put into a pod run on when main has ended. */
class InjectedContainerScenarioTest {
    private static final String LEAN = "entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n";

    @Test
    void theNodeIsWhatMainCameToAndThePodIsEnded() {
        Scenario scenario = givenSpec(LEAN).submitted();
        assertThat(orders(scenario, running("mesh"), ended("main", Role.MAIN, 0)))
                .contains(new Command.EndPod(
                        "wf",
                        "wf",
                        Command.EndPod.How.TERMINATE,
                        "main has ended, and containers that were put into the pod would run on"));
        scenario.then(
                workflow(WorkflowPhase.SUCCEEDED),
                node("wf").is(NodePhase.SUCCEEDED).says(null));

        Scenario failing = givenSpec(LEAN).submitted();
        orders(failing, running("mesh"), ended("main", Role.MAIN, 3));
        failing.then(node("wf").is(NodePhase.FAILED).says("main: Error (exit code 3)"));
    }

    @Test
    void whatThePodPutsOutIsWaitedFor() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          container: {image: busybox}
                          outputs: {parameters: [{name: v, valueFrom: {path: /v}}]}
                        """).submitted();
        ContainerFacts executor = new ContainerFacts(
                "executor", Role.EXECUTOR, ContainerState.RUNNING, true, null, null, null, null, null);
        assertThat(orders(scenario, executor, running("mesh"), ended("main", Role.MAIN, 0)))
                .noneMatch(Command.EndPod.class::isInstance);
        scenario.then(node("wf").is(NodePhase.RUNNING));
        assertThat(orders(scenario, executor, running("mesh"), ended("main", Role.MAIN, 0)))
                .isEmpty();

        Transition reported = scenario.journal()
                .step(new Input.TaskResultReceived("wf", null, null, null, null, true, scenario.now()));
        assertThat(reported.commands()).anyMatch(Command.EndPod.class::isInstance);
    }

    @Test
    void sidecarsOfTheTemplateOrOfAPatchEndByThemselves() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        podSpecPatch: '{"containers": [{"name": "patched", "image": "busybox"}]}'
                        templates:
                        - name: main
                          container: {image: busybox}
                          sidecars: [{name: own, image: busybox}]
                        """).submitted();
        for (String sidecar : List.of("own", "patched")) {
            orders(scenario, running(sidecar), ended("main", Role.MAIN, 0));
            scenario.then(node("wf").is(NodePhase.RUNNING));
        }
    }

    @Test
    void aDaemonWithAnInjectedContainerRunsOn() {
        Scenario scenario = givenSpec("""
                        entrypoint: main
                        templates: [{name: main, daemon: true, container: {image: busybox}}]
                        """).submitted();
        orders(scenario, running("mesh"), running("main"));
        assertThat(scenario.run().phase()).isNotEqualTo(WorkflowPhase.FAILED);
    }

    private static List<Command> orders(Scenario scenario, ContainerFacts... containers) {
        PodFacts pod = new PodFacts(
                "wf",
                PodPhase.RUNNING,
                null,
                null,
                null,
                null,
                null,
                Stream.of(containers).toList(),
                false);
        return scenario.journal()
                .step(new Input.PodObserved("wf", pod, scenario.now()))
                .commands();
    }

    private static ContainerFacts running(String name) {
        return container(name, Role.SIDECAR, ContainerState.RUNNING, null);
    }

    private static ContainerFacts ended(String name, Role role, int exitCode) {
        return container(name, role, ContainerState.TERMINATED, exitCode);
    }

    private static ContainerFacts container(String name, Role role, ContainerState state, @Nullable Integer exitCode) {
        Instant at = Instant.parse("2026-01-01T00:00:05Z");
        return new ContainerFacts(name, role, state, true, null, null, exitCode, at, exitCode == null ? null : at);
    }
}
