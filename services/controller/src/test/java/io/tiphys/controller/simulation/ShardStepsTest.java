package io.tiphys.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.kube.PodObservations;
import io.tiphys.controller.shard.Shard;
import io.tiphys.controller.shard.ShardInput;
import io.tiphys.controller.shard.ShardProbe;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** What simulations found, step by step with one shard. */
class ShardStepsTest extends OneShard {
    private static final String MANY_PODS = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps:
                - - {name: a, template: pod, withSequence: {count: "20"}}
              - name: pod
                container: {image: busybox}
            """;

    private static final String TWO_STEPS = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                steps:
                - - {name: a, template: pod}
                - - {name: b, template: pod}
              - name: pod
                container: {image: busybox}
            """;

    private static final String ONE_POD_WITH_OUTPUTS = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                container: {image: busybox, command: ["true"]}
                outputs: {parameters: [{name: p, valueFrom: {path: /p}}]}
            """;

    private static final String SUSPENDED = """
            apiVersion: argoproj.io/v1alpha1
            kind: Workflow
            metadata: {name: w}
            spec:
              entrypoint: main
              templates:
              - name: main
                suspend: {}
            """;

    @Test
    void whatWasTakenWhenTheJournalFailedIsTakenAgain() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);

        resume(shard, workflow);
        failsNext = true;
        assertThatThrownBy(shard::turn).isInstanceOf(JournalException.class);
        assertThat(processed).isEmpty();
        shard.startOver();
        shard.begin();
        tellAll(shard, 2);
        during(Duration.ofSeconds(5), shard);

        assertThat(processed).containsExactly("c1");
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
    }

    @Test
    void whatChangesWhileAWorkflowIsPreparedIsLookedAtAtOnce() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = shard(workflow);
        Objects.requireNonNull(parts).isPreparable =
                object -> object.getMetadata().getAnnotations().containsKey("complete");
        tellAll(shard, 1);
        shard.turn();
        cluster.change(
                "w",
                workflow.uid(),
                at -> at.withMetadata(new ObjectMetaBuilder(at.getMetadata())
                        .addToAnnotations("complete", "true")
                        .build()));
        workflowSeen(shard);
        during(Duration.ofSeconds(3), shard);

        assertThat(cluster.pods.list()).hasSize(1);
    }

    @Test
    void aCommandThatWaitsForItsWorkflowIsNotDealtWithYet() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        shard.post(new ShardInput.Synced(List.of(), List.of(), 1));
        resume(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        assertThat(processed).isEmpty();

        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        assertThat(processed).containsExactly("c1");
    }

    /** So that many workflows at once don't all wait for each other. */
    @Test
    void whatGoesOnComesBeforeWhatBegins() throws InterruptedException {
        Shard shard = shard(create(TWO_STEPS));
        List<String> created = new ArrayList<>();
        cluster.pods.onChange((pod, isGone) -> {
            PodObservations.of(pod).ifPresent(seen -> shard.post(new ShardInput.PodSeen(seen, 1)));
            if (!created.contains(pod.getMetadata().getName())) {
                created.add(pod.getMetadata().getName());
            }
        });
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        ended(created.getFirst());
        during(Duration.ofSeconds(5), shard);

        assertThat(created).hasSize(2);
        assertThat(Objects.requireNonNull(parts).pods().beginnings)
                .containsEntry(created.getFirst(), true)
                .containsEntry(created.getLast(), false);
    }

    @Test
    void podsThatWaitToBeCreatedWhenTheirWorkflowIsStoppedNeverAre() throws InterruptedException {
        WorkflowRef workflow = create(MANY_PODS);
        Shard shard = shard(workflow);
        Set<String> created = new HashSet<>();
        cluster.pods.onChange((pod, isGone) -> created.add(pod.getMetadata().getName()));
        tellAll(shard, 1);
        while (ShardProbe.orderedPods(shard).isEmpty()) {
            shard.turn();
            world.time.advance();
        }
        int before = created.size();
        cluster.change(
                "w",
                workflow.uid(),
                current -> current.withSpec(current.getSpec().withShutdown("Terminate")));
        workflowSeen(shard);
        shard.turn();
        during(Duration.ofMinutes(1), shard);

        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
        assertThat(created).hasSize(before);
    }

    @Test
    void aPodWhoseEndWasAskedForInVainIsAskedAgain() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        Pod pod = cluster.pods.list().getFirst();
        String name = pod.getMetadata().getName();
        placed(name);
        cluster.change(
                name,
                SimulatedCluster.uid(pod),
                meta -> meta,
                new PodStatusBuilder().withPhase("Running").build());
        PodObservation running = PodObservations.of(pod(name)).orElseThrow();
        shard.post(new ShardInput.PodSeen(running, 1));
        during(Duration.ofSeconds(1), shard);
        Workflow known = workflow();
        shard.post(new ShardInput.WorkflowSeen(known.withSpec(terminated().getSpec()), 1));
        during(Duration.ofSeconds(10), shard);
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();

        // as if the API server had refused the request until we gave up: the pod runs on
        cluster.changeSpec(
                name,
                spec -> new PodSpecBuilder(spec).withActiveDeadlineSeconds(null).build());
        during(Duration.ofMinutes(2), shard);

        assertThat(pod(name).getSpec().getActiveDeadlineSeconds()).isEqualTo(1);
    }

    @Test
    void labelsThatWereWrittenLateAreSetRight() throws InterruptedException {
        WorkflowRef workflow = create(SUSPENDED);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        resume(shard, workflow);
        during(Duration.ofSeconds(5), shard);
        workflowSeen(shard);
        during(Duration.ofSeconds(5), shard);
        assertThat(workflow().getMetadata().getLabels()).containsEntry("workflows.argoproj.io/phase", "Succeeded");

        cluster.change(
                "w",
                workflow.uid(),
                at -> at.withMetadata(new ObjectMetaBuilder(at.getMetadata())
                        .addToLabels("workflows.argoproj.io/phase", "Running")
                        .build()));
        workflowSeen(shard);
        during(Duration.ofSeconds(20), shard);

        assertThat(workflow().getMetadata().getLabels()).containsEntry("workflows.argoproj.io/phase", "Succeeded");
    }

    @Test
    void aPodThatCouldNotBeLabelledIsLabelledLater() throws InterruptedException {
        Shard shard = shard(create(ONE_POD));
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        String name = cluster.pods.list().getFirst().getMetadata().getName();
        ended(name);
        Objects.requireNonNull(parts).pods().isAway = true;
        podSeen(shard, name);
        during(Duration.ofSeconds(20), shard);
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();
        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "false");

        Objects.requireNonNull(parts).pods().isAway = false;
        during(Duration.ofMinutes(1), shard);

        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "true");
    }

    @Test
    void aPodThatIsSeenWhenAllIsOverAndKafkaIsAwayIsLabelledLater() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD);
        Shard shard = shard(workflow);
        tellAll(shard, 1);
        during(Duration.ofSeconds(5), shard);
        String name = cluster.pods.list().getFirst().getMetadata().getName();
        placed(name);
        shard.post(new ShardInput.WorkflowSeen(workflow().withSpec(terminated().getSpec()), 1));
        during(Duration.ofSeconds(10), shard);
        assertThat(workflow().getStatus().phase().isFulfilled()).isTrue();

        ended(name);
        unreadableFor = 2;
        podSeen(shard, name);
        during(Duration.ofSeconds(3), shard);
        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "false");
        during(Duration.ofSeconds(30), shard);

        assertThat(pod(name).getMetadata().getLabels()).containsEntry("workflows.argoproj.io/completed", "true");
    }

    @Test
    void podsAreCountedFromWhenTheyAreSeenUntilTheyEnd() throws InterruptedException {
        Shard shard = shard(create(ONE_POD));
        tellAll(shard, 1);
        during(Duration.ofSeconds(3), shard);
        podSeen(shard, "w");
        during(Duration.ofSeconds(1), shard);
        assertThat(gauges())
                .contains("gauge{phase=\"Running\"} 1")
                .contains("pods_gauge{phase=\"Pending\"} 1")
                .contains("workflow_condition{status=\"True\",type=\"PodRunning\"} 1");

        ended("w");
        podSeen(shard, "w");
        during(Duration.ofSeconds(3), shard);
        assertThat(gauges())
                .contains("pods_gauge{phase=\"Pending\"} 0")
                .contains("workflow_condition{status=\"True\",type=\"PodRunning\"} 0")
                .contains("workflow_condition{status=\"False\",type=\"PodRunning\"} 1")
                .doesNotContain("pods_gauge{phase=\"Succeeded\"} 1");
    }

    private List<String> gauges() {
        return Objects.requireNonNull(parts)
                .board
                .text()
                .lines()
                .map(line -> line.replaceFirst("^argo_workflows_", ""))
                .toList();
    }

    @Test
    void aCacheThatIsAwayIsAskedAgain() throws InterruptedException {
        Shard shard = shard(create(ONE_POD.replace("busybox}", "busybox, command: [\"true\"]}")
                .replace("container:", "memoize: {key: k, cache: {configMap: {name: c}}}\n    container:")));
        caches.refusals = 3;
        tellAll(shard, 1);
        during(Duration.ofSeconds(2), shard);
        assertThat(cluster.pods.list()).isEmpty();
        assertThat(workflow().getStatus().phase()).isNotEqualTo(WorkflowPhase.ERROR);

        during(Duration.ofSeconds(20), shard);

        assertThat(cluster.pods.list()).hasSize(1);
    }

    @Test
    void aLateReportOfAnEarlierAttemptsPodCountsForNothingAfterATakeOver() throws InterruptedException {
        WorkflowRef workflow = create(ONE_POD_WITH_OUTPUTS);
        Shard first = shard(workflow);
        tellAll(first, 1);
        during(Duration.ofSeconds(5), first);
        String earlier = SimulatedCluster.uid(pod("w"));
        endedAwaitingItsReport(first, "Failed", 1);
        during(Duration.ofMinutes(2), first); // its report doesn't come in time
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.FAILED);
        podGone(first);
        retry(first, workflow);
        during(Duration.ofSeconds(5), first);
        String later = SimulatedCluster.uid(pod("w"));
        endedAwaitingItsReport(first, "Succeeded", 0);
        during(Duration.ofSeconds(1), first);
        podGone(first);
        during(Duration.ofSeconds(1), first);

        Shard second = successor(workflow);
        tellAll(second, 1);
        report(second, earlier);
        during(Duration.ofSeconds(1), second);
        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        report(second, later);
        during(Duration.ofSeconds(5), second);

        assertThat(workflow().getStatus().phase()).isEqualTo(WorkflowPhase.SUCCEEDED);
        assertThat(workflow().getStatus().nodes().get("w"))
                .extracting("outputs.parameters")
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .extracting("value")
                .containsExactly(SimulatedKubelet.FROM + later);
        assertThat(processed).containsExactlyInAnyOrder("c1", earlier, later);
    }

    private static Workflow terminated() {
        return Manifests.read(ONE_POD.replace("spec:\n", "spec:\n  shutdown: Terminate\n"), Workflow.class);
    }
}
