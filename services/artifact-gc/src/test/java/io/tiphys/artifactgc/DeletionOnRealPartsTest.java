package io.tiphys.artifactgc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.SecretKeySelector;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Artifact;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.Manifests;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.OSSArtifact;
import io.tiphys.api.OSSArtifactBuilder;
import io.tiphys.api.Outputs;
import io.tiphys.api.PackedJson;
import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.plan.GcStrategy;
import io.tiphys.artifactgc.queue.DeletionQueue;
import io.tiphys.artifactgc.queue.DeletionQueue.Counts;
import io.tiphys.artifactgc.queue.DeletionQueue.Queued;
import io.tiphys.artifactgc.queue.PostgresDeletionQueue;
import io.tiphys.artifactgc.queue.QueuedDeletions;
import io.tiphys.artifactgc.queue.QueuedDeletions.Retries;
import io.tiphys.artifactgc.reconcile.Archive;
import io.tiphys.artifactgc.reconcile.ArtifactRemover;
import io.tiphys.artifactgc.reconcile.GcReconciler;
import io.tiphys.artifactgc.reconcile.GcReconciler.Patience;
import io.tiphys.artifactgc.reconcile.KubernetesWorkflows;
import io.tiphys.artifactgc.reconcile.LiveReferences;
import io.tiphys.artifactgc.reconcile.SparingRemover;
import io.tiphys.artifactgc.reconcile.StoreRemover;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.all.KubernetesSecrets;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.objectstore.ObjectStore;
import io.tiphys.local.objectstore.ObjectStoreConfig;
import io.tiphys.messages.WorkflowRef;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reconciling against an API server and an OSS endpoint, through the official clients of both. */
@SuppressWarnings("NullAway") // what is read back is there, or the test fails
class DeletionOnRealPartsTest {
    private static final String BUCKET = "tiphys";

    private ApiServer kubernetes;
    private ObjectStore objects;
    private KubernetesClient client;
    private WorkflowGateway workflows;
    private OssDriver driver;
    private Stores stores;
    private GcReconciler reconciler;
    private ArtifactRemover remover;
    private DeletionQueue queue;
    private HttpServer archive;
    private final Clock clock = Clock.systemUTC();

    private static EmbeddedPostgres postgres;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    /** With the schema as the service makes it. */
    private static DeletionQueue emptyQueue() {
        DataSource database = postgres.getDatabase("postgres", "postgres", Map.of("currentSchema", "artifact_gc"));
        Flyway flyway = Flyway.configure()
                .dataSource(database)
                .schemas("artifact_gc")
                .cleanDisabled(false)
                .load();
        flyway.clean();
        flyway.migrate();
        return new PostgresDeletionQueue(database);
    }

    @BeforeEach
    void start(@TempDir Path dir) throws Exception {
        kubernetes = ApiServer.start(ApiServerConfig.inMemory());
        objects = ObjectStore.start(ObjectStoreConfig.in(dir, "id", "secret").withBuckets(BUCKET));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder().withMasterUrl(kubernetes.url()).build())
                .build();
        driver = new OssDriver(new Credentials("id", "secret", null));
        stores = new Stores(List.of(driver), new KubernetesSecrets(client, Clock.systemUTC()));
        archive = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        archive.start();
        queue = emptyQueue();
        workflows = new KubernetesWorkflows(
                client,
                new Archive(Optional.of(
                        URI.create("http://127.0.0.1:" + archive.getAddress().getPort()))),
                clock);
        remover = new SparingRemover(new LiveReferences(workflows, clock), new StoreRemover(stores));
        reconciler = new GcReconciler(
                workflows, remover, queue, _ -> {}, clock, new Patience(Duration.ofHours(1), Duration.ofMinutes(10)));
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
    void deletesFilesAndDirectoriesAndNothingBeside() throws Exception {
        put("wf/file.tgz");
        put("wf/dir/a");
        put("wf/dir/sub/b");
        put("wf/dir-of-another/c");
        put("wf/never");
        create(workflow("wf", "OnWorkflowCompletion"));

        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).containsExactly("wf/dir-of-another/c", "wf/never");
        Workflow after = read("wf");
        assertThat(after.getMetadata().getFinalizers()).isEmpty();
        assertThat(after.getStatus().artifactGCStatus().strategiesProcessed())
                .containsEntry("OnWorkflowCompletion", true);
        assertThat(after.getStatus().nodes().get("wf").outputs().artifacts())
                .extracting(artifact -> artifact.name() + "=" + artifact.deleted())
                .containsExactly("file=true", "dir=true", "never=false");
    }

    @Test
    void aDeletedWorkflowGoesWhenItsArtifactsAreGone() throws Exception {
        put("wf/file.tgz");
        create(workflow("wf", "OnWorkflowDeletion"));
        client.resources(Workflow.class).inNamespace("default").withName("wf").delete();
        assertThat(read("wf").getMetadata().getDeletionTimestamp()).isNotNull();

        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).isEmpty();
        assertThat(read("wf")).isNull();
    }

    @Test
    void whoWaitsForDeletionIsKnownByTheMetadata() {
        create(workflow("completed", "OnWorkflowCompletion"));
        Workflow running = workflow("running", "OnWorkflowCompletion");
        running.getMetadata().setLabels(Map.of());
        create(running);
        Workflow deleted = workflow("deleted", "OnWorkflowCompletion");
        deleted.getMetadata().setLabels(Map.of());
        create(deleted);
        client.resources(Workflow.class)
                .inNamespace("default")
                .withName("deleted")
                .delete();
        Workflow free = workflow("free", "OnWorkflowCompletion");
        free.getMetadata().setFinalizers(List.of("example.com/another"));
        create(free);

        Map<String, Boolean> waiting = new TreeMap<>();
        workflows.forEachSeen(seen -> waiting.put(seen.name(), seen.isWaiting()));

        assertThat(waiting).isEqualTo(Map.of("completed", true, "running", false, "deleted", true, "free", false));
    }

    @Test
    void allWorkflowsAreSeenWholePageByPage() {
        for (int n = 10; n < 35; n++) {
            create(workflow("wf-" + n, "OnWorkflowCompletion"));
        }

        List<String> nodes = new ArrayList<>();
        workflows.forEach(workflow -> nodes.addAll(workflow.getStatus().nodes().keySet()));

        assertThat(nodes).hasSize(25).startsWith("wf-10").endsWith("wf-34");
    }

    @Test
    void nodesThatWerePackedAreReadAndPackedAgain() throws Exception {
        put("wf/file.tgz");
        Workflow packed = workflow("wf", "OnWorkflowCompletion");
        Map<String, NodeStatus> nodes = packed.getStatus().nodes();
        create(packed.withStatus(packed.getStatus()
                .withNodes(Map.of())
                .withCompressedNodes(CompressedNodes.pack(new LinkedHashMap<>(nodes)))));

        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).isEmpty();
        Workflow after = read("wf");
        assertThat(after.getStatus().nodes()).isEmpty();
        assertThat(CompressedNodes.inline(after.getStatus())
                        .nodes()
                        .get("wf")
                        .outputs()
                        .artifacts()
                        .getFirst()
                        .deleted())
                .isTrue();
    }

    @Test
    void aMissingSecretFailsWithItsNameAndKeepsTheWorkflow() throws Exception {
        OSSArtifact broken = OSSArtifactBuilder.builder()
                .endpoint(objects.endpoint().toString())
                .bucket(BUCKET)
                .key("wf/file.tgz")
                .accessKeySecret(new SecretKeySelector("id", "missing", false))
                .secretKeySecret(new SecretKeySelector("secret", "missing", false))
                .build();
        Workflow wf = workflow("wf", "OnWorkflowCompletion");
        NodeStatus node = wf.getStatus().nodes().get("wf");
        Outputs outputs = node.outputs()
                .withArtifacts(List.of(node.outputs().artifacts().getFirst().withOss(broken)));
        create(wf.withStatus(wf.getStatus().withNodes(Map.of("wf", node.withOutputs(outputs)))));

        reconciler.reconcile("default", "wf", true);

        Workflow after = read("wf");
        assertThat(after.getMetadata().getFinalizers()).containsExactly(GcPlan.FINALIZER);
        assertThat(after.getStatus().conditions())
                .singleElement()
                .satisfies(condition -> assertThat(condition.message())
                        .contains("artifact \"file\"")
                        .contains("default/missing"));
    }

    @Test
    void aDelayedDeletionOutlivesItsWorkflowAndIsDoneWhenItsTimeHasCome() throws Exception {
        put("wf/file.tgz");
        put("wf/dir/a");
        Workflow delayed = workflow("wf", "OnWorkflowDeletion");
        delayed.getMetadata().setAnnotations(Map.of("tiphys.io/artifact-gc-delay", "24h"));
        create(delayed);
        client.resources(Workflow.class).inNamespace("default").withName("wf").delete();

        reconciler.reconcile("default", "wf", false);

        assertThat(read("wf")).isNull();
        assertThat(queue.counts()).isEqualTo(new Counts(2, 0));
        queued(clock).run();
        assertThat(keys()).containsExactly("wf/dir/a", "wf/file.tgz");

        queued(Clock.offset(clock, Duration.ofHours(25))).run();

        assertThat(keys()).isEmpty();
        assertThat(queue.counts()).isEqualTo(new Counts(0, 0));
    }

    @Test
    void whatNeverWorksBecomesADeadLetterThatPeopleCanRead() throws Exception {
        put("wf/file.tgz");
        Workflow delayed = workflow("wf", "OnWorkflowDeletion");
        delayed.getMetadata().setAnnotations(Map.of("tiphys.io/artifact-gc-delay", "1h"));
        create(delayed);
        client.resources(Workflow.class).inNamespace("default").withName("wf").delete();
        reconciler.reconcile("default", "wf", false);
        objects.close();

        for (int attempt = 1; attempt <= 3; attempt++) {
            queued(Clock.offset(clock, Duration.ofHours(2L * attempt))).run();
        }

        assertThat(queue.counts()).isEqualTo(new Counts(0, 2));
        assertThat(queue.dead("default", 10, 0)).allSatisfy(entry -> {
            assertThat(entry.attempts()).isEqualTo(3);
            assertThat(entry.queued().deletion().workflow().name()).isEqualTo("wf");
            assertThat(entry.queued().reason()).contains("artifact \"").contains("of node wf could not be deleted");
        });
        List<Long> first = List.of(queue.dead("default", 1, 0).getFirst().id());
        assertThat(queue.dead("default", 10, 1)).hasSize(1);
        assertThat(queue.revive("other", List.of(), clock.instant())).isZero();
        assertThat(queue.revive("default", first, clock.instant())).isEqualTo(1);
        assertThat(queue.counts()).isEqualTo(new Counts(1, 1));
        assertThat(queue.revive("default", List.of(), clock.instant())).isEqualTo(1);
        assertThat(queue.take(clock.instant(), Duration.ofMinutes(1), 10))
                .hasSize(2)
                .allMatch(entry -> entry.attempts() == 0);
    }

    @Test
    void whatIsTakenIsNobodyElsesUntilItsLeaseIsOver() {
        Instant now = clock.instant();
        Artifact artifact = workflow("wf", "OnWorkflowDeletion")
                .getStatus()
                .nodes()
                .get("wf")
                .outputs()
                .artifacts()
                .getFirst();
        OSSArtifact withToken = artifact.oss().withSecurityToken("canary");
        Deletion deletion = new Deletion(
                new WorkflowRef("default", "wf", "u"),
                "wf",
                artifact.withOss(withToken),
                GcStrategy.ON_WORKFLOW_DELETION);
        queue.add(List.of(Queued.waiting(deletion, now, null)));
        queue.add(List.of(Queued.dead(deletion, now, "again")));

        assertThat(queue.take(now, Duration.ofMinutes(1), 10))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.queued().deletion().artifact()).isEqualTo(artifact));
        assertThat(queue.take(now.plusSeconds(59), Duration.ofMinutes(1), 10)).isEmpty();
        assertThat(queue.take(now.plusSeconds(61), Duration.ofMinutes(1), 10)).hasSize(1);
    }

    @Test
    void aDirectoryOfMoreKeysThanFitIntoOneRequestGoesWhole() throws Exception {
        for (int n = 0; n < 1005; n++) {
            put("wf/dir/" + n);
        }
        put("wf/file.tgz");
        create(workflow("wf", "OnWorkflowCompletion"));

        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).isEmpty();
    }

    @Test
    void anArgumentOfARunningWorkflowIsNotTakenFromIt() throws Exception {
        put("wf/file.tgz");
        put("wf/dir/a");
        create(workflow("wf", "OnWorkflowCompletion"));
        client.resource(Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: reader, namespace: default}
                spec:
                  arguments: {artifacts: [{name: in, oss: {endpoint: "%s", bucket: tiphys, key: wf/file.tgz}}]}
                """.formatted(objects.endpoint()), Workflow.class))
                .create();

        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).containsExactly("wf/file.tgz");
        assertThat(read("wf").getMetadata().getFinalizers()).containsExactly(GcPlan.FINALIZER);

        client.resources(Workflow.class)
                .inNamespace("default")
                .withName("reader")
                .delete();
        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).isEmpty();
        assertThat(read("wf").getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void aTemplateOfASpecInTheArchiveKeepsWhatItSays() throws Exception {
        put("wf/file.tgz");
        Workflow wf = workflow("wf", "OnWorkflowCompletion");
        wf.getMetadata().setAnnotations(Map.of(LargeSpec.ANNOTATION, "sha256:" + "a".repeat(64)));
        NodeStatus node = wf.getStatus().nodes().get("wf");
        create(wf.withStatus(wf.getStatus()
                .withNodes(Map.of("wf", node.withTemplateName("main").withTemplateScope("local/wf")))));
        AtomicInteger status = new AtomicInteger(503);
        archive.createContext("/v1/namespaces/default/blobs/" + "a".repeat(64), exchange -> {
            byte[] spec = PackedJson.of(Map.of(
                            "arguments",
                            Map.of("parameters", List.of()),
                            "templates",
                            List.of(Map.of(
                                    "container",
                                    Map.of("args", List.of("x")),
                                    "name",
                                    "main",
                                    "metadata",
                                    Map.of("annotations", Map.of("tiphys.io/artifact-keep", "file"))))))
                    .bytes();
            exchange.sendResponseHeaders(status.get(), spec.length);
            exchange.getResponseBody().write(spec);
            exchange.close();
        });

        assertThatThrownBy(() -> reconciler.reconcile("default", "wf", false)).hasMessageContaining("HTTP 503");
        assertThat(keys()).containsExactly("wf/file.tgz");

        status.set(200);
        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).containsExactly("wf/file.tgz");
        assertThat(read("wf").getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void nodesThatAreTooManyForTheStatusAreReadFromTheArchive() throws Exception {
        put("wf/file.tgz");
        put("wf/dir/a");
        put("wf/never");
        Workflow wf = workflow("wf", "OnWorkflowCompletion");
        create(wf.withStatus(wf.getStatus().withNodes(Map.of()).withOffloadNodeStatusVersion("fnv:1")));
        AtomicReference<NodePhase> phase = new AtomicReference<>(NodePhase.RUNNING);
        archive.createContext("/v1/workflows/" + read("wf").getMetadata().getUid() + "/nodes", exchange -> {
            NodeStatus node = wf.getStatus().nodes().get("wf").withPhase(phase.get());
            byte[] nodes = ApiJson.mapper().writeValueAsBytes(Map.of("nodes", Map.of("wf", node)));
            exchange.sendResponseHeaders(200, nodes.length);
            exchange.getResponseBody().write(nodes);
            exchange.close();
        });

        assertThatThrownBy(() -> reconciler.reconcile("default", "wf", false)).hasMessageContaining("not all in the");
        assertThat(keys()).hasSize(3);

        phase.set(NodePhase.SUCCEEDED);
        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).containsExactly("wf/never");
        Workflow after = read("wf");
        assertThat(after.getMetadata().getFinalizers()).isEmpty();
        assertThat(after.getStatus().nodes()).isEmpty();
        assertThat(after.getStatus().artifactGCStatus().strategiesProcessed())
                .containsEntry("OnWorkflowCompletion", true);
    }

    @Test
    void aNodeInTheArchiveKeepsWhatItNeedsAndWhoCantAskDeletesNothing() throws Exception {
        put("wf/file.tgz");
        create(workflow("wf", "OnWorkflowCompletion"));
        Workflow reader = workflow("reader", "Never");
        reader.getMetadata().setLabels(Map.of());
        reader.getMetadata().setFinalizers(List.of());
        create(reader.withStatus(reader.getStatus().withNodes(Map.of()).withOffloadNodeStatusVersion("fnv:1")));
        AtomicInteger status = new AtomicInteger(503);
        archive.createContext("/v1/workflows/" + read("reader").getMetadata().getUid() + "/nodes", exchange -> {
            Map<String, NodeStatus> needed = workflow("wf", "Never").getStatus().nodes();
            byte[] nodes = ApiJson.mapper().writeValueAsBytes(Map.of("nodes", needed));
            exchange.sendResponseHeaders(status.get(), nodes.length);
            exchange.getResponseBody().write(nodes);
            exchange.close();
        });

        assertThatThrownBy(() -> reconciler.reconcile("default", "wf", false)).hasMessageContaining("HTTP 503");
        status.set(200);
        reconciler.reconcile("default", "wf", false);

        assertThat(keys()).containsExactly("wf/file.tgz");
    }

    private QueuedDeletions queued(Clock at) {
        return new QueuedDeletions(
                queue,
                remover,
                _ -> {},
                at,
                new Retries(
                        3, Duration.ofMinutes(1), Duration.ofHours(1), Duration.ofMinutes(10), Duration.ofMinutes(5)));
    }

    private Workflow workflow(String name, String strategy) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: %1$s
                  namespace: default
                  labels: {workflows.argoproj.io/completed: "true"}
                  finalizers: [workflows.argoproj.io/artifact-gc]
                spec:
                  artifactGC: {strategy: %2$s}
                status:
                  phase: Succeeded
                  nodes:
                    %1$s:
                      id: %1$s
                      name: %1$s
                      type: Pod
                      phase: Succeeded
                      outputs:
                        artifacts:
                          - {name: file, oss: {endpoint: "%3$s", bucket: tiphys, key: %1$s/file.tgz}}
                          - {name: dir, archive: {none: {}}, oss: {endpoint: "%3$s", bucket: tiphys, key: %1$s/dir}}
                          - {name: never, artifactGC: {strategy: Never}, oss: {endpoint: "%3$s", bucket: tiphys, key: %1$s/never}}
                """.formatted(name, strategy, objects.endpoint()), Workflow.class);
    }

    private void create(Workflow workflow) {
        client.resource(workflow).create();
    }

    private Workflow read(String name) {
        return client.resources(Workflow.class)
                .inNamespace("default")
                .withName(name)
                .get();
    }

    private ArtifactStore store() throws Exception {
        return stores.locate(
                        "default",
                        Map.of("oss", Map.of("endpoint", objects.endpoint().toString(), "bucket", BUCKET, "key", "x")))
                .store();
    }

    private void put(String key) throws Exception {
        byte[] content = key.getBytes(StandardCharsets.UTF_8);
        store().put(key, new ByteArrayInputStream(content), content.length, null);
    }

    private List<String> keys() throws Exception {
        List<String> keys = new ArrayList<>();
        store().list("", object -> keys.add(object.key()));
        return keys;
    }
}
