package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients of the project rely on, through the client that they use. */
class ApiServerContractTest {
    private static final ResourceDefinitionContext WORKFLOWS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Workflow")
            .withPlural("workflows")
            .withNamespaced(true)
            .build();

    private static final ResourceDefinitionContext CRON_WORKFLOWS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("CronWorkflow")
            .withPlural("cronworkflows")
            .withNamespaced(true)
            .build();

    private static ApiServer server;
    private static KubernetesClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start(ApiServerConfig.inMemory());
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withNamespace("default")
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ConfigMap configMap(String name, Map<String, String> labels) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .addToData("key", "value")
                .build();
    }

    private static Pod pod(String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("alpine")
                .endContainer()
                .endSpec()
                .build();
    }

    private static GenericKubernetesResource workflow(String name) {
        return new GenericKubernetesResourceBuilder()
                .withApiVersion("argoproj.io/v1alpha1")
                .withKind("Workflow")
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("entrypoint", "main"))
                .build();
    }

    @Test
    void createsReadsUpdatesAndDeletes() {
        ConfigMap created = client.resource(configMap("crud", Map.of("a", "b"))).create();
        assertThat(created.getMetadata().getUid()).isNotBlank();
        created.getData().put("key", "other");
        ConfigMap updated = client.resource(created).update();
        assertThat(Long.parseLong(updated.getMetadata().getResourceVersion()))
                .isGreaterThan(Long.parseLong(created.getMetadata().getResourceVersion()));
        assertThat(client.configMaps().withName("crud").get().getData()).containsEntry("key", "other");
        client.configMaps().withName("crud").delete();
        assertThat(client.configMaps().withName("crud").get()).isNull();
    }

    @Test
    void generatesNames() {
        ConfigMap named = configMap("", Map.of());
        named.getMetadata().setName(null);
        named.getMetadata().setGenerateName("gen-");
        assertThat(client.resource(named).create().getMetadata().getName()).matches("gen-[a-z0-9]{5}");
    }

    @Test
    void refusesStaleUpdates() {
        ConfigMap first = client.resource(configMap("stale", Map.of())).create();
        ConfigMap second = new ConfigMapBuilder(first).addToData("x", "1").build();
        client.resource(second).update();
        ConfigMap late = new ConfigMapBuilder(first).addToData("x", "2").build();
        assertThatThrownBy(() -> client.resource(late).lockResourceVersion().update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
    }

    @Test
    void refusesDuplicatesAndBadNames() {
        client.resource(configMap("twice", Map.of())).create();
        assertThatThrownBy(() -> client.resource(configMap("twice", Map.of())).create())
                .hasMessageContaining("already exists");
        assertThatThrownBy(() -> client.resource(configMap("No_Good", Map.of())).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422));
        assertThatThrownBy(() -> client.configMaps()
                        .inNamespace("nowhere")
                        .resource(configMap("x", Map.of()))
                        .create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(404));
    }

    @Test
    void refusesPodsAndClaimsThatMakeNoSense() {
        Pod pod = new PodBuilder()
                .withNewMetadata()
                .withName("mounts")
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("main")
                .withImage("busybox")
                .addNewVolumeMount()
                .withName("foo")
                .withMountPath("/foo")
                .endVolumeMount()
                .endContainer()
                .endSpec()
                .build();
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("odd")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("InvalidAccessMode")
                .endSpec()
                .build();

        assertThatThrownBy(
                        () -> client.pods().inNamespace("default").resource(pod).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422))
                .hasMessageContaining("spec.containers[0].volumeMounts[0].name: Not found: \"foo\"");
        assertThatThrownBy(() -> client.persistentVolumeClaims()
                        .inNamespace("default")
                        .resource(claim)
                        .create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(422))
                .hasMessageContaining("Unsupported value: \"InvalidAccessMode\"");
    }

    @Test
    void selectsByLabelsAndPages() {
        for (int i = 0; i < 7; i++) {
            client.resource(configMap("page-" + i, Map.of("page", i % 2 == 0 ? "even" : "odd")))
                    .create();
        }
        assertThat(client.configMaps().withLabelIn("page", "odd").list().getItems())
                .hasSize(3);
        var first = client.configMaps()
                .withLabel("page")
                .list(new ListOptionsBuilder().withLimit(4L).build());
        assertThat(first.getItems()).hasSize(4);
        var second = client.configMaps()
                .withLabel("page")
                .list(new ListOptionsBuilder()
                        .withLimit(4L)
                        .withContinue(first.getMetadata().getContinue())
                        .build());
        assertThat(second.getItems()).hasSize(3);
        assertThat(second.getMetadata().getContinue()).isNullOrEmpty();
    }

    @Test
    void patchesInEveryWay() {
        Pod pod = client.resource(pod("patched")).create();
        client.pods().withName("patched").patch(PatchContext.of(PatchType.STRATEGIC_MERGE), """
                        {"spec": {"containers": [{"name": "main", "env": [{"name": "A", "value": "1"}]}]}}""");
        client.pods().withName("patched").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"metadata": {"labels": {"merged": "yes"}}}""");
        Pod result = client.pods().withName("patched").patch(PatchContext.of(PatchType.JSON), """
                        [{"op": "test", "path": "/metadata/labels/merged", "value": "yes"},
                         {"op": "add", "path": "/metadata/labels/json", "value": "too"}]""");
        assertThat(result.getMetadata().getLabels())
                .containsEntry("merged", "yes")
                .containsEntry("json", "too");
        assertThat(result.getSpec().getContainers()).singleElement().satisfies(container -> {
            assertThat(container.getImage()).isEqualTo("alpine");
            assertThat(container.getEnv()).hasSize(1);
        });
        assertThat(result.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
    }

    @Test
    void appliesServerSide() {
        ConfigMap applied =
                client.resource(configMap("applied", Map.of("v", "1"))).serverSideApply();
        assertThat(applied.getMetadata().getUid()).isNotBlank();
        ConfigMap again =
                client.resource(configMap("applied", Map.of("v", "2"))).serverSideApply();
        assertThat(again.getMetadata().getUid()).isEqualTo(applied.getMetadata().getUid());
        assertThat(again.getMetadata().getLabels()).containsEntry("v", "2");
    }

    @Test
    void keepsStatusBehindItsSubresource() {
        var crons = client.genericKubernetesResources(CRON_WORKFLOWS);
        GenericKubernetesResource cron = workflow("status");
        cron.setKind("CronWorkflow");
        cron.setAdditionalProperty("status", Map.of("phase", "Sneaked"));
        crons.resource(cron).create();
        assertThat(crons.withName("status").get().getAdditionalProperties()).doesNotContainKey("status");
        GenericKubernetesResource current = crons.withName("status").get();
        current.setAdditionalProperty("status", Map.of("phase", "Active"));
        current.setAdditionalProperty("spec", Map.of("entrypoint", "changed"));
        crons.resource(current).updateStatus();
        GenericKubernetesResource after = crons.withName("status").get();
        assertThat(after.<String>get("status", "phase")).isEqualTo("Active");
        assertThat(after.<String>get("spec", "entrypoint")).isEqualTo("main");
    }

    @Test
    void theStatusOfAWorkflowIsPartOfIt() {
        var workflows = client.genericKubernetesResources(WORKFLOWS);
        GenericKubernetesResource workflow = workflow("whole");
        workflow.setAdditionalProperty("status", Map.of("phase", "Running"));
        workflows.resource(workflow).create();
        assertThat(workflows.withName("whole").get().<String>get("status", "phase"))
                .isEqualTo("Running");
    }

    @Test
    void informsOfWhatHappens() {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (SharedIndexInformer<ConfigMap> informer = client.configMaps()
                .withLabel("informed")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(ConfigMap object) {
                        seen.add("add " + object.getMetadata().getName());
                    }

                    @Override
                    public void onUpdate(ConfigMap old, ConfigMap object) {
                        seen.add("update " + object.getMetadata().getName());
                    }

                    @Override
                    public void onDelete(ConfigMap object, boolean unknown) {
                        seen.add("delete " + object.getMetadata().getName());
                    }
                })) {
            assertThat(informer.isRunning()).isTrue();
            ConfigMap one = client.resource(configMap("informed-1", Map.of("informed", "1")))
                    .create();
            client.resource(configMap("not-informed", Map.of())).create();
            await().until(() -> seen.contains("add informed-1"));
            client.resource(new ConfigMapBuilder(one).addToData("more", "x").build())
                    .update();
            await().until(() -> seen.contains("update informed-1"));
            client.configMaps()
                    .withName("informed-1")
                    .edit(map -> new ConfigMapBuilder(map)
                            .editMetadata()
                            .removeFromLabels("informed")
                            .endMetadata()
                            .build());
            await().until(() -> seen.contains("delete informed-1"));
        }
        assertThat(seen).containsExactly("add informed-1", "update informed-1", "delete informed-1");
    }

    @Test
    void deletesBoundPodsGracefully() {
        client.resource(pod("graceful")).create();
        client.pods().withName("graceful").edit(pod -> {
            pod.getSpec().setNodeName("n");
            return pod;
        });
        client.pods().withName("graceful").withGracePeriod(7).delete();
        Pod marked = client.pods().withName("graceful").get();
        assertThat(marked.getMetadata().getDeletionTimestamp()).isNotBlank();
        assertThat(marked.getMetadata().getDeletionGracePeriodSeconds()).isEqualTo(7);
        client.pods().withName("graceful").withGracePeriod(0).delete();
        assertThat(client.pods().withName("graceful").get()).isNull();
    }

    @Test
    void waitsForFinalizers() {
        ConfigMap map = configMap("finalized", Map.of());
        map.getMetadata().setFinalizers(List.of("test/hold"));
        client.resource(map).create();
        client.configMaps().withName("finalized").delete();
        assertThat(client.configMaps().withName("finalized").get().isMarkedForDeletion())
                .isTrue();
        client.configMaps().withName("finalized").edit(held -> {
            held.getMetadata().setFinalizers(List.of());
            return held;
        });
        assertThat(client.configMaps().withName("finalized").get()).isNull();
    }

    @Test
    void collectsWhatDeletedOwnersLeave() {
        var workflows = client.genericKubernetesResources(WORKFLOWS);
        GenericKubernetesResource owner = workflows.resource(workflow("owner")).create();
        Pod owned = new PodBuilder(pod("owned"))
                .editMetadata()
                .addNewOwnerReference()
                .withApiVersion("argoproj.io/v1alpha1")
                .withKind("Workflow")
                .withName("owner")
                .withUid(owner.getMetadata().getUid())
                .endOwnerReference()
                .endMetadata()
                .build();
        client.resource(owned).create();
        workflows.withName("owner").delete();
        await().until(() -> client.pods().withName("owned").get() == null);
        client.resource(owned).create();
        await().until(() -> client.pods().withName("owned").get() == null);
    }

    @Test
    void emptiesDeletedNamespaces() {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("passing")
                        .endMetadata()
                        .build())
                .create();
        client.configMaps()
                .inNamespace("passing")
                .resource(configMap("inside", Map.of()))
                .create();
        client.namespaces().withName("passing").delete();
        await().until(() -> client.namespaces().withName("passing").get() == null);
        assertThat(client.configMaps().inNamespace("passing").list().getItems()).isEmpty();
    }

    @Test
    void tellsOldWatchersToListAgain() throws IOException {
        try (ApiServer small = ApiServer.start(ApiServerConfig.inMemory().withHistoryLength(3));
                KubernetesClient other = new KubernetesClientBuilder()
                        .withConfig(new ConfigBuilder(Config.empty())
                                .withMasterUrl(small.url())
                                .withNamespace("default")
                                .build())
                        .build()) {
            for (int i = 0; i < 6; i++) {
                other.resource(configMap("m" + i, Map.of())).create();
            }
            String answer = other.raw("/api/v1/namespaces/default/configmaps?watch=1&resourceVersion=1");
            assertThat(answer).contains("\"code\":410").contains("ERROR");
        }
    }
}
