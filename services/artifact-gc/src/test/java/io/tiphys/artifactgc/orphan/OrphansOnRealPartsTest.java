package io.tiphys.artifactgc.orphan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.orphan.OrphanSearch.Found;
import io.tiphys.artifactgc.orphan.OrphanSearch.RefusedException;
import io.tiphys.artifactgc.orphan.OrphanSearch.Request;
import io.tiphys.artifactgc.orphan.OrphanSearch.Total;
import io.tiphys.artifactgc.reconcile.Archive;
import io.tiphys.artifactgc.reconcile.KubernetesWorkflows;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.KubernetesSecrets;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking for orphans in an OSS endpoint, with workflows in an API server and an archive that answers as ours does. */
@SuppressWarnings("NullAway") // set before each test
class OrphansOnRealPartsTest {
    private static final Duration DAY = Duration.ofHours(24);
    private final Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofHours(25));
    private final Map<String, String> archived = new ConcurrentHashMap<>();

    private ApiServer kubernetes;
    private ObjectStore objects;
    private KubernetesClient client;
    private OssDriver driver;
    private HttpServer archive;
    private Stores stores;

    @BeforeEach
    void start(@TempDir Path dir) throws Exception {
        kubernetes = ApiServer.start(ApiServerConfig.inMemory());
        objects = ObjectStore.start(ObjectStoreConfig.in(dir, "id", "secret").withBuckets("tiphys"));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl(kubernetes.url()).build())
                .build();
        driver = new OssDriver(new Credentials("id", "secret", null));
        stores = new Stores(List.of(driver), new KubernetesSecrets(client, Clock.systemUTC()));
        archive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        archive.createContext("/v1/workflows", exchange -> {
            String answer = archived.get(exchange.getRequestURI().getPath());
            byte[] body = (answer == null ? "" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer == null ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        archive.start();
        archived.put("/v1/workflows", "{\"items\": [{\"metadata\": {\"name\": \"old\", \"uid\": \"u-old\"}}]}");
        archived.put("/v1/workflows/u-old", """
                {"metadata": {"name": "old"}, "status": {"nodes": {"old": {"outputs": {"artifacts": [
                  {"name": "kept", "s3": {"key": "gone/gone-kept/report"}}]}}}}}""");
        client.resource(Manifests.read("""
                        apiVersion: argoproj.io/v1alpha1
                        kind: Workflow
                        metadata: {name: live, namespace: default}
                        spec:
                          arguments: {artifacts: [{name: in, oss: {key: gone/gone-input/x}}]}
                        """, Workflow.class)).create();
        for (String key : List.of(
                "live/live-main-1/out.tgz",
                "old/old-main-1/out.tgz",
                "gone/gone-main-1/out.tgz",
                "gone/gone-kept/report/part-1",
                "gone/gone-input/x",
                "datasets/images/part-1")) {
            store().put(key, new ByteArrayInputStream(new byte[3]), 3, null);
        }
        store().beginMultipart("gone/gone-main-1/big", null);
        store().beginMultipart("live/live-main-1/big", null);
    }

    @AfterEach
    void stop() throws Exception {
        archive.stop(0);
        client.close();
        driver.close();
        objects.close();
        kubernetes.close();
    }

    @Test
    void tellsWhatNoWorkflowKnowsAndDeletesNothing() throws Exception {
        List<Found> found = new ArrayList<>();
        Total total = search(tomorrow).run(request(null, DAY, false), found::add);

        assertThat(found)
                .extracting(each -> each.getClass().getSimpleName() + " " + each.key())
                .containsExactly("Stored gone/gone-main-1/out.tgz", "Upload gone/gone-main-1/big");
        assertThat(total).isEqualTo(new Total("oss://tiphys", "", 6, 2));
        assertThat(keys()).hasSize(6);

        found.clear();
        search(Clock.systemUTC()).run(request(null, DAY, false), found::add);
        assertThat(found).as("younger than a day").isEmpty();
    }

    @Test
    void deletesThemAndNothingBeside() throws Exception {
        List<Found> found = new ArrayList<>();
        search(tomorrow).run(request(null, DAY, true), found::add);

        assertThat(found).hasSize(2).allMatch(each -> each.error().isEmpty());
        assertThat(keys()).hasSize(5).doesNotContain("gone/gone-main-1/out.tgz");
        List<String> open = new ArrayList<>();
        store().listMultipart("", upload -> open.add(upload.key()));
        assertThat(open).containsExactly("live/live-main-1/big");
    }

    @Test
    void looksOutsideOfTheFormatOnlyWhereItIsTold() throws Exception {
        List<Found> found = new ArrayList<>();
        search(tomorrow).run(request("datasets/", DAY, false), found::add);

        assertThat(found).extracting(Found::key).containsExactly("datasets/images/part-1");
    }

    @Test
    void whoCantAskTheArchiveKnowsNothingToBeNobodys() {
        archived.remove("/v1/workflows/u-old");
        List<Found> found = new ArrayList<>();
        assertThatThrownBy(() -> search(tomorrow).run(request(null, DAY, true), found::add))
                .hasMessageContaining("the archived workflow old")
                .hasMessageContaining("503");
        assertThat(found).isEmpty();
        assertThatThrownBy(() -> search(tomorrow).run(request(null, Duration.ofMinutes(1), true), found::add))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("olderThan is PT1M");
    }

    private OrphanSearch search(Clock clock) {
        Archive known = new Archive(Optional.of(
                URI.create("http://127.0.0.1:" + archive.getAddress().getPort())));
        return new OrphanSearch(stores, new KubernetesWorkflows(client, known, clock), known, clock);
    }

    private Request request(@Nullable String prefix, Duration olderThan, boolean delete) throws Exception {
        JsonNode repository = ApiJson.mapper()
                .readTree("{\"oss\": {\"endpoint\": \"%s\", \"bucket\": \"tiphys\"}}".formatted(objects.endpoint()));
        return new Request("default", repository, prefix, olderThan, delete);
    }

    private ArtifactStore store() throws Exception {
        return stores.locate(
                        "default",
                        Map.of(
                                "oss",
                                Map.of("endpoint", objects.endpoint().toString(), "bucket", "tiphys", "key", "x")))
                .store();
    }

    private List<String> keys() throws Exception {
        List<String> keys = new ArrayList<>();
        store().list("", object -> keys.add(object.key()));
        return keys;
    }
}
