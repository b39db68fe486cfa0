package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.messages.WorkflowRef;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A status and its labels, written to an object that isn't always what was known of it. */
class KubeWorkflowGatewayTest {
    private static final Map<String, @Nullable String> LABELS = Map.of("tiphys.io/shard", "7", "a/b~c", "d");

    private static ApiServer apiServer;
    private static KubernetesClient client;
    private static WorkflowGateway gateway;

    @BeforeAll
    static void start() throws IOException {
        apiServer = ApiServer.start(ApiServerConfig.inMemory());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(apiServer.url())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        gateway = new KubeWorkflowGateway(
                client, new ApiCalls(new AdaptiveLimiter(1, 1, 100), metrics, Duration.ZERO, Duration.ZERO, 1));
    }

    @AfterAll
    static void stop() {
        client.close();
        apiServer.close();
    }

    @Test
    void claimsGoThoughPodsThatHaveEndedKeepThem() throws InterruptedException {
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("w-work")
                .withNamespace("default")
                .withFinalizers("kubernetes.io/pvc-protection")
                .endMetadata()
                .build();
        gateway.ensureVolumeClaims(List.of(claim));
        gateway.ensureVolumeClaims(List.of(claim));
        var found = client.persistentVolumeClaims().inNamespace("default").withName("w-work");
        assertThat(found.get()).isNotNull();

        gateway.deleteVolumeClaims("default", List.of("w-work", "never-was"));

        assertThat(found.get()).isNull();
    }

    @Test
    void ofAnObjectWithoutLabels() throws InterruptedException {
        Workflow known = create("none", "");

        assertThat(write(known)).isPresent();

        assertIsWritten("none", LABELS);
    }

    @Test
    void ofAnObjectWithEmptyLabels() throws InterruptedException {
        Workflow known = create("empty", ", labels: {}");

        assertThat(write(known)).isPresent();

        assertIsWritten("empty", LABELS);
    }

    @Test
    void whoseLabelsHaveGoneSince() throws InterruptedException {
        Workflow known = create("lost", ", labels: {x: y}");
        change("lost", "{\"metadata\": {\"labels\": null}}");

        assertThat(write(known)).isPresent();

        assertIsWritten("lost", LABELS);
    }

    @Test
    void thatGotLabelsSince() throws InterruptedException {
        Workflow known = create("gained", "");
        change("gained", "{\"metadata\": {\"labels\": {\"x\": \"y\"}}}");

        assertThat(write(known)).isPresent();

        assertIsWritten("gained", Map.<String, @Nullable String>of("tiphys.io/shard", "7", "a/b~c", "d", "x", "y"));
    }

    @Test
    void afterWeWroteToItAndItsLabelsWereTakenAway() throws InterruptedException {
        Workflow known = create("twice", "");
        gateway.label(ref(known), Map.of("x", "y")); // its version is known, and is not that of the object above
        change("twice", "{\"metadata\": {\"labels\": null}}");

        assertThat(write(known)).isPresent();

        assertIsWritten("twice", LABELS);
    }

    @Test
    void labelsThatAreNoLongerTrueGoWhetherTheyAreThereOrNot() throws InterruptedException {
        Map<String, @Nullable String> labels = new HashMap<>();
        labels.put("tiphys.io/shard", "7");
        labels.put("a/was", null);
        labels.put("a/never-was", null);
        Workflow known = create("relabelled", ", labels: {a/was: v, x: v}");

        Workflow written = gateway.writeStatus(known, labels, status -> status.withPhase(WorkflowPhase.RUNNING))
                .orElseThrow();

        Map<String, @Nullable String> left = Map.of("tiphys.io/shard", "7", "x", "v");
        assertThat(written.getMetadata().getLabels()).isEqualTo(left);
        assertIsWritten("relabelled", left);
        Workflow bare = create("unlabelled", "");
        gateway.writeStatus(bare, labels, status -> status.withPhase(WorkflowPhase.RUNNING));
        assertIsWritten("unlabelled", Map.of("tiphys.io/shard", "7"));
    }

    @Test
    void reopenedItKeepsItsNodesAndTheNextStatusIsWrittenOnTopOfThat() throws InterruptedException {
        Workflow known = create("reopened", ", labels: {a/was: v}");
        Workflow ended = gateway.writeStatus(
                        known,
                        Map.of(),
                        status -> status.withPhase(WorkflowPhase.FAILED)
                                .withMessage("no more")
                                .withFinishedAt(Instant.parse("2026-01-01T00:00:00Z"))
                                .withCompressedNodes("packed"))
                .orElseThrow();
        Map<String, @Nullable String> labels = new HashMap<>(LABELS);
        labels.put("a/was", null);

        Workflow reopened = gateway.reopen(ended, labels).orElseThrow();

        Workflow there = workflow("reopened").require();
        assertThat(there.getStatus())
                .isEqualTo(WorkflowStatus.NONE.withPhase(WorkflowPhase.RUNNING).withCompressedNodes("packed"));
        assertThat(reopened.getStatus()).isEqualTo(there.getStatus());
        assertThat(reopened.getMetadata().getResourceVersion())
                .isEqualTo(there.getMetadata().getResourceVersion());
        assertIsWritten("reopened", LABELS);
        assertThat(reopened.getMetadata().getLabels()).isEqualTo(LABELS);
        assertThat(gateway.writeStatus(reopened, Map.of(), status -> status.withMessage("on top")))
                .hasValueSatisfying(
                        written -> assertThat(written.getStatus().message()).isEqualTo("on top"));

        workflow("reopened").delete();
        assertThat(gateway.reopen(reopened, labels)).isEmpty();
    }

    @Test
    void whosePlaceAnotherOfItsNameHasTaken() throws InterruptedException {
        Workflow known = create("replaced", "");
        workflow("replaced").delete();
        create("replaced", "");

        assertThat(write(known)).isEmpty();

        Workflow other = workflow("replaced").require();
        assertThat(other.getStatus().phase()).isEqualTo(WorkflowPhase.UNKNOWN);
        assertThat(other.getMetadata().getLabels()).isNullOrEmpty();
    }

    private static Optional<Workflow> write(Workflow known) throws InterruptedException {
        return gateway.writeStatus(known, LABELS, status -> status.withPhase(WorkflowPhase.RUNNING));
    }

    private static void assertIsWritten(String name, Map<String, @Nullable String> labels) {
        Workflow written = workflow(name).require();
        assertThat(written.getStatus().phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(written.getMetadata().getLabels()).isEqualTo(labels);
    }

    private static Workflow create(String name, String labels) {
        return client.resources(Workflow.class)
                .resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: %s, namespace: default%s}
                        spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
                        """.formatted(name, labels), Workflow.class))
                .create();
    }

    private static void change(String name, String patch) {
        workflow(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static Resource<Workflow> workflow(String name) {
        return client.resources(Workflow.class).inNamespace("default").withName(name);
    }

    private static WorkflowRef ref(Workflow workflow) {
        var meta = workflow.getMetadata();
        return new WorkflowRef(meta.getNamespace(), meta.getName(), meta.getUid());
    }
}
