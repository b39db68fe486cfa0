package io.tiphys.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.parts.TestSystem;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Locks between workflows, with controllers that come and go. */
class LocksTest {
    private static final Map<String, String> SETTINGS = Map.of("tiphys.archive.enabled", "false");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAITING = "Waiting for default/Mutex/m lock. Lock status: 0/1";
    private static final String POSTPONED =
            "Workflow processing has been postponed because too many workflows are already running";

    private TestSystem system;

    @BeforeEach
    void start() throws Exception {
        system = new TestSystem();
    }

    @AfterEach
    void stop() throws Exception {
        system.close();
    }

    @Test
    void theHoldersOfAMutexTakeTurnsOverControllersThatComeAndGo() {
        Controller first = system.startController(SETTINGS);
        system.kubelet().hold();
        system.create(withMutex("one", 0));
        awaitPhase("one", WorkflowPhase.RUNNING);
        system.create(withMutex("two", 0));
        system.create(withMutex("urgent", 7));
        awaitPhase("two", WorkflowPhase.PENDING);
        awaitPhase("urgent", WorkflowPhase.PENDING);
        assertThat(system.get("two").getStatus().message()).isEqualTo(WAITING);
        assertThat(system.get("one").getStatus())
                .extracting("synchronization.mutex.holding")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .extracting("holder")
                .containsExactly("default/one");

        Controller second = system.startController(SETTINGS);
        awaitShared(first, second);
        first.close();
        await().atMost(PATIENCE).until(() -> second.ownedShards().size() == system.shards());
        assertThat(system.kubelet().ran()).containsExactly("one");

        system.kubelet().release();
        for (String name : List.of("one", "two", "urgent")) {
            assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().ran()).containsExactly("one", "urgent", "two");
    }

    @Test
    void aHolderThatWasDeletedWhileNobodyLookedHoldsNothing() {
        Controller first = system.startController(SETTINGS);
        system.kubelet().hold();
        system.create(withMutex("gone", 0));
        awaitPhase("gone", WorkflowPhase.RUNNING);
        system.create(withMutex("next", 0));
        awaitPhase("next", WorkflowPhase.PENDING);
        first.close();
        system.client()
                .resources(Workflow.class)
                .inNamespace(TestSystem.NAMESPACE)
                .withName("gone")
                .delete();
        await().atMost(PATIENCE)
                .until(() -> system.client()
                                .resources(Workflow.class)
                                .inNamespace(TestSystem.NAMESPACE)
                                .withName("gone")
                                .get()
                        == null);

        system.kubelet().release();
        system.startController(SETTINGS);

        assertThat(system.finished("next").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
    }

    @Test
    void deletingTheHolderWakesTheNext() {
        system.startController(SETTINGS);
        system.kubelet().hold();
        system.create(withMutex("gone", 0));
        awaitPhase("gone", WorkflowPhase.RUNNING);
        system.create(withMutex("next", 0));
        awaitPhase("next", WorkflowPhase.PENDING);

        system.client()
                .resources(Workflow.class)
                .inNamespace(TestSystem.NAMESPACE)
                .withName("gone")
                .delete();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> system.get("next").getStatus().phase() == WorkflowPhase.RUNNING);
    }

    @Test
    void aSemaphoreFollowsItsConfigMap() {
        system.startController(SETTINGS);
        system.kubelet().hold();
        limit("1");
        system.create(fanOut("fan", 4));
        awaitRunning("fan", 1);
        await().atMost(PATIENCE)
                .until(() -> system.get("fan").getStatus().nodes().values().stream()
                                .filter(node -> "Waiting for default/ConfigMap/limits/jobs lock. Lock status: 0/1"
                                        .equals(node.message()))
                                .count()
                        == 3);

        limit("3");
        awaitRunning("fan", 3);
        system.kubelet().release();
        assertThat(system.finished("fan").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(system.get("fan").getStatus().synchronization()).isNull();
    }

    @Test
    void aMissingLimitFailsTheWorkflowThatNeedsItAndNoOther() {
        system.startController(SETTINGS);
        system.create("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: lost}
                spec:
                  entrypoint: main
                  synchronization: {semaphores: [{configMapKeyRef: {name: nowhere, key: jobs}}]}
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"]}
                """);
        system.create(withMutex("fine", 0));

        Workflow lost = system.finished("lost");
        assertThat(lost.getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        assertThat(lost.getStatus().message())
                .isEqualTo("Failed to acquire the synchronization lock. failed to initialize semaphore"
                        + " default/ConfigMap/nowhere/jobs with limit");
        assertThat(system.finished("fine").getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
    }

    @Test
    void twoControllersNeverLetMoreRunThanTheyMay() {
        Controller first = system.startController(SETTINGS);
        Controller second = system.startController(SETTINGS);
        awaitShared(first, second);
        List<String> names =
                IntStream.range(0, 8).mapToObj(number -> "turn-" + number).toList();
        names.forEach(name -> system.create(withMutex(name, 0)));

        for (String name : names) {
            assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().mostAtOnce()).isEqualTo(1);
    }

    @Test
    void workflowsBeyondTheControllersParallelismArePostponed() {
        Map<String, String> limited = Map.of("tiphys.archive.enabled", "false", "tiphys.controller.parallelism", "1");
        Controller first = system.startController(limited);
        system.kubelet().hold();
        system.create(plain("one", 0));
        awaitPhase("one", WorkflowPhase.RUNNING);
        system.create(plain("two", 0));
        awaitPhase("two", WorkflowPhase.PENDING);
        assertThat(system.get("two").getStatus().message()).isEqualTo(POSTPONED);
        system.create(plain("urgent", 5));
        awaitPhase("urgent", WorkflowPhase.PENDING);
        first.close();
        system.startController(limited);

        system.kubelet().release();
        for (String name : List.of("one", "two", "urgent")) {
            assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        }
        assertThat(system.kubelet().ran()).containsExactly("one", "urgent", "two");
    }

    @Test
    void aNamespacesLabelLimitsItsWorkflows() {
        system.startController(SETTINGS);
        system.kubelet().hold();
        system.create(plain("early", 0));
        awaitPhase("early", WorkflowPhase.RUNNING);
        system.client()
                .namespaces()
                .withName(TestSystem.NAMESPACE)
                .edit(namespace -> new NamespaceBuilder(namespace)
                        .editMetadata()
                        .addToLabels("workflows.argoproj.io/parallelism-limit", "1")
                        .endMetadata()
                        .build());
        // the label reaches the controller in its own time: from some workflow on they wait
        Set<String> names = new HashSet<>();
        await().atMost(PATIENCE).until(() -> {
            String name = "late-" + names.size();
            names.add(name);
            system.create(plain(name, 0));
            await().atMost(PATIENCE).until(() -> system.get(name).getStatus().phase() != WorkflowPhase.UNKNOWN);
            return system.get(name).getStatus().phase() == WorkflowPhase.PENDING;
        });

        system.kubelet().release();
        assertThat(names)
                .allSatisfy(name ->
                        assertThat(system.finished(name).getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED));
    }

    private void awaitShared(Controller first, Controller second) {
        await().atMost(PATIENCE)
                .until(() -> !first.ownedShards().isEmpty()
                        && !second.ownedShards().isEmpty()
                        && first.ownedShards().size() + second.ownedShards().size() == system.shards());
    }

    private void awaitPhase(String name, WorkflowPhase phase) {
        await().atMost(PATIENCE).until(() -> system.get(name).getStatus().phase() == phase);
    }

    private void awaitRunning(String name, int count) {
        await().atMost(PATIENCE)
                .until(() -> system.get(name).getStatus().nodes().values().stream()
                                .filter(node -> node.displayName() != null
                                        && node.displayName().startsWith("a(")
                                        && isRunning(node))
                                .count()
                        == count);
    }

    private static boolean isRunning(NodeStatus node) {
        return node.phase() == NodePhase.RUNNING;
    }

    private void limit(String value) {
        system.client()
                .configMaps()
                .inNamespace(TestSystem.NAMESPACE)
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("limits")
                        .withNamespace(TestSystem.NAMESPACE)
                        .endMetadata()
                        .addToData("jobs", value)
                        .build())
                .createOr(existing -> existing.update());
    }

    private static String plain(String name, int priority) {
        return withMutex(name, priority).replace("  synchronization: {mutexes: [{name: m}]}\n", "");
    }

    private static String withMutex(String name, int priority) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  priority: %d
                  synchronization: {mutexes: [{name: m}]}
                  templates:
                  - name: main
                    container: {image: "alpine:latest", command: ["true"]}
                """.formatted(name, priority);
    }

    private static String fanOut(String name, int count) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: a, template: work, withSequence: {count: %d}}]]
                  - name: work
                    synchronization: {semaphores: [{configMapKeyRef: {name: limits, key: jobs}}]}
                    container: {image: "alpine:latest", command: ["true"]}
                """.formatted(name, count);
    }
}
