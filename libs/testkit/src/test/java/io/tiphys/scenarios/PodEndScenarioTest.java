package io.tiphys.scenarios;

import static io.tiphys.testkit.Expect.node;
import static io.tiphys.testkit.Scenario.givenSpec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.NodePhase;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.testkit.Scenario;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the containers of a pod make of its node. */
class PodEndScenarioTest {
    private static Scenario seen(PodPhase phase, @Nullable String message, ContainerFacts... containers) {
        Scenario scenario = givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted();
        var order = scenario.openOrders().getFirst();
        return scenario.input(new Input.PodObserved(
                order.nodeId(),
                new PodFacts(
                        order.podName(),
                        phase,
                        null,
                        message,
                        "host-1",
                        "10.0.0.1",
                        scenario.now(),
                        List.of(containers),
                        false),
                scenario.now()));
    }

    private static ContainerFacts ended(String name, Role role, int exitCode) {
        return new ContainerFacts(name, role, ContainerState.TERMINATED, false, null, null, exitCode, null, null);
    }

    private static ContainerFacts waiting(String name, Role role, @Nullable String message) {
        return new ContainerFacts(
                name, role, ContainerState.WAITING, false, "ImagePullBackOff", message, null, null, null);
    }

    private static ContainerFacts running(String name, Role role) {
        return new ContainerFacts(name, role, ContainerState.RUNNING, true, null, null, null, null, null);
    }

    @Test
    void nothingIsKnownOfAPodThatFailedWithoutContainers() {
        Scenario scenario = seen(PodPhase.FAILED, null);
        scenario.then(node("wf").is(NodePhase.FAILED).says("can't find failed message for pod wf"));
    }

    @Test
    void aContainerThatNeverStartedIsAnError() {
        seen(PodPhase.FAILED, null, waiting("main", Role.MAIN, null))
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .says("Pod failed before main container starts due to ImagePullBackOff"));
        seen(PodPhase.FAILED, null, waiting("main", Role.MAIN, "no such image"))
                .then(node("wf")
                        .is(NodePhase.ERROR)
                        .says("Pod failed before main container starts due to ImagePullBackOff: no such image"));
    }

    @Test
    void anInitContainersFailureIsToldBeforeMains() {
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 1), ended("prepare", Role.INIT, 2))
                .then(node("wf").is(NodePhase.ERROR).says("prepare: Error (exit code 2)"));
    }

    @Test
    void anExecutorThatFailsIsAnErrorOfTheNode() {
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 0), ended("executor", Role.EXECUTOR, 2))
                .after("5m")
                .then(node("wf").is(NodePhase.ERROR).says("executor: Error (exit code 2)"));
    }

    @Test
    void sidecarsThatWereKilledFailNobody() {
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 0), ended("proxy", Role.SIDECAR, 143))
                .then(node("wf").is(NodePhase.SUCCEEDED).says(null));
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 0), ended("proxy", Role.SIDECAR, 137))
                .then(node("wf").is(NodePhase.SUCCEEDED).says(null));
    }

    @Test
    void aSidecarThatFailsFailsItsNode() {
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 0), ended("proxy", Role.SIDECAR, 3))
                .then(node("wf").is(NodePhase.FAILED).says("proxy: Error (exit code 3)"));
    }

    @Test
    void aPodThatFailedThoughNoContainerDid() {
        seen(PodPhase.FAILED, null, running("main", Role.MAIN))
                .then(node("wf")
                        .is(NodePhase.FAILED)
                        .says("pod failed: neither main nor wait container completed successfully"));
        seen(PodPhase.FAILED, null, running("main", Role.MAIN), ended("executor", Role.EXECUTOR, 0))
                .after("5m")
                .then(node("wf").is(NodePhase.FAILED).says("pod failed: main container did not complete successfully"));
        seen(PodPhase.FAILED, null, ended("main", Role.MAIN, 0), running("executor", Role.EXECUTOR))
                .after("5m")
                .then(node("wf").is(NodePhase.FAILED).says("pod failed: wait container did not complete successfully"));
    }

    @Test
    void aPendingPodSaysWhatItsContainersWaitFor() {
        seen(PodPhase.PENDING, null, waiting("main", Role.MAIN, "Back-off pulling image"))
                .then(node("wf").is(NodePhase.PENDING).says("ImagePullBackOff: Back-off pulling image"));
        seen(PodPhase.PENDING, null, waiting("main", Role.MAIN, null))
                .then(node("wf").is(NodePhase.PENDING).says("ImagePullBackOff"));
    }

    @Test
    void aPodInAnUnknownPhaseIsAnError() {
        seen(PodPhase.UNKNOWN, null).then(node("wf").is(NodePhase.ERROR).says("Unexpected pod phase for wf: Unknown"));
    }

    @Test
    void progressThatIsNoneIsIgnored() {
        Scenario scenario = givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted();
        scenario.pod("wf").runs();
        scenario.pod("wf").progresses("half");
        scenario.pod("wf").progresses("1/0");
        scenario.then(node("wf")
                .satisfies(status -> assertThat(status.progress()).asString().isEqualTo("0/1")));
    }

    @Test
    void theContainersOfAPodThatIsGoneAreGone() {
        givenSpec("""
                        entrypoint: main
                        templates:
                        - name: main
                          containerSet:
                            containers: [{name: a, image: busybox}, {name: b, image: busybox, dependencies: [a]}]
                        """)
                .submitted()
                .pod("wf")
                .runs()
                .pod("wf")
                .isDeleted()
                .then(
                        node("wf").is(NodePhase.ERROR).says("pod deleted"),
                        node("a").is(NodePhase.ERROR).says("container deleted"),
                        node("b").is(NodePhase.ERROR).says("container deleted"));
    }

    /** A pod that has a uid, in this phase. */
    private static Scenario identified(Scenario scenario, String uid, PodPhase phase, ContainerFacts... containers) {
        var order = scenario.openOrders().getFirst();
        return scenario.input(new Input.PodObserved(
                order.nodeId(),
                new PodFacts(
                        order.podName(),
                        phase,
                        null,
                        null,
                        "host-1",
                        "10.0.0.1",
                        scenario.now(),
                        List.of(containers),
                        false,
                        Map.of(),
                        uid),
                scenario.now()));
    }

    private static Input restarted(Scenario scenario, String podUid) {
        return new Input.PodRestarted("wf", podUid, "Pod auto-restarting due to Evicted: no room", scenario.now());
    }

    private static boolean isOrdered(Scenario scenario) {
        return scenario.run().pendingCommands().stream().anyMatch(Command.EnsurePod.class::isInstance);
    }

    @Test
    void aPodThatNeverBeganIsOrderedAnew() {
        Scenario scenario = givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted();
        identified(scenario, "uid-1", PodPhase.PENDING);
        assertThat(isOrdered(scenario)).isFalse();

        scenario.input(restarted(scenario, "uid-1"));
        scenario.then(node("wf")
                .is(NodePhase.PENDING)
                .says("Pod auto-restarting due to Evicted: no room")
                .satisfies(status -> assertThat(status.failedPodRestarts()).isEqualTo(1))
                .satisfies(status -> assertThat(status.restartingPodUID()).isEqualTo("uid-1")));
        assertThat(isOrdered(scenario)).isTrue();

        scenario.pod("wf").succeeds();
        scenario.then(node("wf")
                .is(NodePhase.SUCCEEDED)
                .satisfies(status -> assertThat(status.failedPodRestarts()).isEqualTo(1))
                .satisfies(status -> assertThat(status.restartingPodUID()).isNull()));
    }

    @Test
    void theSamePodIsReplacedOnceAndNoLongerHeard() {
        Scenario scenario = givenSpec("entrypoint: main\ntemplates: [{name: main, container: {image: busybox}}]\n")
                .submitted();
        identified(scenario, "uid-1", PodPhase.RUNNING, running("main", Role.MAIN));

        scenario.input(restarted(scenario, "uid-1")).input(restarted(scenario, "uid-1"));
        scenario.then(node("wf")
                .is(NodePhase.PENDING)
                .satisfies(status -> assertThat(status.failedPodRestarts()).isEqualTo(1)));

        identified(scenario, "uid-1", PodPhase.FAILED, waiting("main", Role.MAIN, null));
        scenario.then(node("wf").is(NodePhase.PENDING));
        scenario.pod("wf").runs().input(restarted(scenario, "uid-1"));
        scenario.then(node("wf").is(NodePhase.RUNNING));
        scenario.pod("wf").succeeds().input(restarted(scenario, "uid-2"));
        scenario.then(node("wf").is(NodePhase.SUCCEEDED));
    }
}
