package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a ResourceQuota lets through. */
class QuotaTest {
    private ApiServer server;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(ApiServerConfig.inMemory());
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(server.url())
                .withNamespace("n")
                .build();
        client = new KubernetesClientBuilder().withConfig(config).build();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName("n")
                        .endMetadata()
                        .build())
                .create();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    /** In flow style; what begins with a brace would be taken for JSON. */
    private static <T> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal("# YAML\n" + yaml, type);
    }

    private void quota(String spec) {
        client.resource(read(
                        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: n}, spec: {" + spec
                                + "}}",
                        ResourceQuota.class))
                .create();
    }

    private Pod pod(String name, String resources) {
        return client.resource(read(
                        "{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: n}, spec: {containers: [{name: main, resources: {%s}}]}}"
                                .formatted(name, resources),
                        Pod.class))
                .create();
    }

    private Map<String, String> used() {
        ResourceQuota quota =
                client.resourceQuotas().inNamespace("n").withName("q").get();
        return quota.getStatus() == null || quota.getStatus().getUsed() == null
                ? Map.of()
                : quota.getStatus().getUsed().entrySet().stream()
                        .collect(java.util.stream.Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().toString()));
    }

    private static void assertForbidden(ThrowingCallable act, String why) {
        assertThatThrownBy(act).isInstanceOfSatisfying(KubernetesClientException.class, e -> {
            assertThat(e.getCode()).isEqualTo(403);
            assertThat(e.getStatus().getMessage()).isEqualTo(why);
        });
    }

    @Test
    void memoryIsCountedUntilPodsEnd() {
        quota("hard: {limits.memory: 130M}");
        assertForbidden(
                () -> pod("large", "limits: {memory: 145M}"),
                "pods \"large\" is forbidden: exceeded quota: q, requested: limits.memory=145M, used: limits.memory=0,"
                        + " limited: limits.memory=130M");
        Pod fits = pod("fits", "limits: {memory: 100M}");
        assertForbidden(
                () -> pod("more", "limits: {memory: 31M}"),
                "pods \"more\" is forbidden: exceeded quota: q, requested: limits.memory=31M, used: limits.memory=100M,"
                        + " limited: limits.memory=130M");
        await().until(() -> used().equals(Map.of("limits.memory", "100M")));
        client.resource(new PodBuilder(fits)
                        .withNewStatus()
                        .withPhase("Succeeded")
                        .endStatus()
                        .build())
                .updateStatus();
        pod("more", "limits: {memory: 31M}");
        await().until(() -> used().equals(Map.of("limits.memory", "31M")));
    }

    @Test
    void whatIsCountedMustBeSaid() {
        quota("hard: {limits.cpu: '1', requests.memory: 1Gi, pods: '5'}");
        assertForbidden(
                () -> pod("silent", "limits: {memory: 1Mi}"),
                "pods \"silent\" is forbidden: failed quota: q: must specify limits.cpu for: main");
        pod("says", "limits: {cpu: 500m, memory: 512Mi}");
        await().until(() -> used().equals(Map.of("limits.cpu", "500m", "requests.memory", "512Mi", "pods", "1")));
    }

    @Test
    void objectsOfAnyKindAreCounted() {
        quota("hard: {pods: '1', count/configmaps: '1'}");
        pod("first", "");
        assertForbidden(
                () -> pod("second", ""),
                "pods \"second\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1");
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("a")
                        .withNamespace("n")
                        .endMetadata()
                        .build())
                .create();
        assertForbidden(
                () -> client.resource(new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("b")
                                .withNamespace("n")
                                .endMetadata()
                                .build())
                        .create(),
                "configmaps \"b\" is forbidden: exceeded quota: q, requested: count/configmaps=1, used:"
                        + " count/configmaps=1, limited: count/configmaps=1");
        client.pods().inNamespace("n").withName("first").withGracePeriod(0).delete();
        pod("second", "");
        client.resourceQuotas().inNamespace("n").withName("q").delete();
        pod("third", "");
    }

    @Test
    void aScopeCountsItsPodsOnly() {
        quota("hard: {pods: '0'}, scopes: [BestEffort]");
        pod("asks", "requests: {cpu: 1m}");
        assertThatThrownBy(() -> pod("modest", "")).hasMessageContaining("exceeded quota: q");
    }

    @Test
    void aQuotaOfNonsenseIsRefused() {
        assertThatThrownBy(() -> client.resource(read(
                                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: n}, spec: {hard: {pods: 1}}}"
                                        .replace("pods: 1", "pods: 1x"),
                                ResourceQuota.class))
                        .create())
                .hasMessageContaining("1x");
    }

    @ParameterizedTest
    @CsvSource({
        "100m, 0.1, 100m",
        "1500m, 1.5, 1500m",
        "1000m, 1, 1",
        "64Mi, 67108864, 64Mi",
        "145M, 145000000, 145M",
        "1e3, 1000, 1k",
        "0.5Gi, 536870912, 512Mi",
        "5, 5, 5",
        "0, 0, 0"
    })
    void quantitiesAreReadAndWritten(String text, String value, String written) {
        Amount amount = Amount.parse(text);
        assertThat(amount.value()).isEqualByComparingTo(value);
        assertThat(amount).hasToString(written);
    }

    @Test
    void aPodNeedsWhatItsContainersNeedAtOnce() {
        QuotaUsage usage = QuotaUsage.of(new ResourceTypes().pods(), (com.fasterxml.jackson.databind.node.ObjectNode)
                Json.parse("""
                        {spec: {
                          initContainers: [
                            {name: side, restartPolicy: Always, resources: {requests: {cpu: 100m}}},
                            {name: init, resources: {requests: {cpu: '2'}}}],
                          containers: [
                            {name: a, resources: {requests: {cpu: 1}}}, {name: b, resources: {limits: {cpu: 500m}}}]}}
                        """.getBytes(java.nio.charset.StandardCharsets.UTF_8), true));
        assertThat(usage.amounts())
                .containsEntry("requests.cpu", Amount.parse("2100m"))
                .containsEntry("limits.cpu", Amount.parse("500m"));
    }
}
