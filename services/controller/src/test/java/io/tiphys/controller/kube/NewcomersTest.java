package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.cluster.RawRequests;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.messages.Shards;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Workflows that no replica has labelled yet, on an API server. */
class NewcomersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SHARDS = 2;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private ApiServer apiServer;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        apiServer = ApiServer.start(ApiServerConfig.inMemory());
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(Config.empty())
                        .withMasterUrl(apiServer.url())
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        apiServer.close();
    }

    @Test
    void oneThatIsDeletedBeforeItHasALabelIsGone() {
        try (Watches _ = watches()) {
            create();
            await().atMost(PATIENCE).until(() -> told.contains("seen without a label"));

            workflow().delete();

            await().atMost(PATIENCE).until(() -> told.contains("gone"));
        }
    }

    @Test
    void oneThatLosesItsLabelIsSeenAgain() {
        try (Watches _ = watches()) {
            create();
            await().atMost(PATIENCE).until(() -> told.contains("seen without a label"));
            label("\"" + Shards.of(workflow().get().getMetadata().getUid(), SHARDS) + "\"");
            await().atMost(PATIENCE).until(() -> told.contains("seen with its label"));
            told.clear();

            label("null");

            await().atMost(PATIENCE)
                    .until(() -> !told.isEmpty() && told.getLast().equals("seen without a label"));

            workflow().delete();

            await().atMost(PATIENCE).until(() -> told.getLast().equals("gone"));
        }
    }

    @Test
    void whatCannotBeLookedUpIsLostAndNotForgotten() {
        Newcomers.Listener listener = new Newcomers.Listener() {
            @Override
            public void seen(Workflow workflow) {
                told.add("seen");
            }

            @Override
            public void gone(Workflow workflow) {
                told.add("gone");
            }

            @Override
            public void isLost(Workflow workflow) {
                told.add("lost " + workflow.getMetadata().getName());
            }

            @Override
            public boolean isOurs(Workflow workflow) {
                apiServer.close(); // from now on nobody answers
                return true;
            }
        };
        String path =
                "/apis/argoproj.io/v1alpha1/workflows?labelSelector=%21" + RawRequests.encoded(Shards.LABEL) + "&";
        try (Newcomers _ = new Newcomers(
                path, new RawRequests(client), listener, new SimpleMeterRegistry(), Duration.ofMillis(1))) {
            create();
            await().atMost(PATIENCE).until(() -> told.contains("seen"));

            deleteWithoutAnAnswer();

            await().atMost(PATIENCE).until(() -> told.contains("lost new"));
            assertThat(told).doesNotContain("gone");
        }
    }

    /** The watch may be told, and the server closed, before the answer is there. */
    private void deleteWithoutAnAnswer() {
        try {
            workflow().delete();
        } catch (KubernetesClientException e) {
            assertThat(e.getCode()).as("no refusal").isZero();
        }
    }

    private Watches watches() {
        Watches watches = new Watches(client, Instance.ANY, SHARDS, new Told(), new SimpleMeterRegistry());
        watches.watch(Set.of(0, 1));
        await().atMost(PATIENCE).until(() -> told.contains("synced"));
        return watches;
    }

    private void create() {
        client.resources(Workflow.class)
                .resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: new, namespace: default}
                        spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
                        """, Workflow.class))
                .create();
    }

    private Resource<Workflow> workflow() {
        return client.resources(Workflow.class).inNamespace("default").withName("new");
    }

    private void label(String value) {
        workflow()
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"labels\": {\"%s\": %s}}}".formatted(Shards.LABEL, value));
    }

    private final class Told implements Watches.Listener {
        @Override
        public void workflowSeen(int shard, Workflow workflow, int generation) {
            Map<String, String> labels = workflow.getMetadata().getLabels();
            boolean isLabelled = labels != null && labels.containsKey(Shards.LABEL);
            told.add(isLabelled ? "seen with its label" : "seen without a label");
        }

        @Override
        public void workflowGone(int shard, Workflow workflow) {
            told.add("gone");
        }

        @Override
        public void podSeen(int shard, PodObservation pod, int generation) {
            told.add("pod");
        }

        @Override
        public void podGone(int shard, PodObservation pod) {
            told.add("pod gone");
        }

        @Override
        public void synced(int shard, List<Workflow> workflows, List<PodObservation> pods, int generation) {
            told.add("synced");
        }
    }
}
