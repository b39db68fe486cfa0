package io.tiphys.local.workloads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.local.apiserver.ApiServer;
import io.tiphys.local.apiserver.ApiServerConfig;
import io.tiphys.local.node.Node;
import io.tiphys.local.node.NodeConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs on a server and a node of ours, as a user sees them. */
class JobsTest {
    private static final Duration LONG = Duration.ofSeconds(40);

    @TempDir
    static Path home;

    private static ApiServer api;
    private static KubernetesClient client;
    private static Node node;
    private static Workloads workloads;

    @BeforeAll
    static void start() throws IOException {
        api = ApiServer.start(ApiServerConfig.inMemory());
        NodeConfig config = NodeConfig.in(home.resolve("node"), api.url());
        node = Node.start(config);
        workloads = Workloads.start(config.kubernetes(), Duration.ofMillis(100));
        client = new KubernetesClientBuilder().withConfig(config.kubernetes()).build();
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        workloads.close();
        node.close();
        api.close();
    }

    private static Job create(String name, String fields, String command) {
        String yaml = """
                apiVersion: batch/v1
                kind: Job
                metadata: {name: %s, namespace: default}
                spec:
                  %s
                  template:
                    metadata: {labels: {app: %s}}
                    spec:
                      restartPolicy: Never
                      terminationGracePeriodSeconds: 1
                      containers:
                      - {name: main, image: busybox, command: [sh, -c, '%s']}
                """.formatted(name, fields, name, command);
        return client.batch()
                .v1()
                .jobs()
                .load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .create();
    }

    private static Job until(String name, Predicate<Job> condition) {
        return await().atMost(LONG)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> client.batch()
                                .v1()
                                .jobs()
                                .inNamespace("default")
                                .withName(name)
                                .get(),
                        job -> job != null && job.getStatus() != null && condition.test(job));
    }

    private static boolean has(Job job, String condition) {
        return job.getStatus().getConditions().stream()
                .anyMatch(each ->
                        each.getType().equals(condition) && each.getStatus().equals("True"));
    }

    private static List<Pod> pods(String name) {
        return client.pods()
                .inNamespace("default")
                .withLabel("job-name", name)
                .list()
                .getItems();
    }

    @Test
    void completesAndItsPodsAreFoundByItsUid() {
        Job job = create("adds", "completions: 3\n  parallelism: 2", "echo hi");
        Job done = until("adds", each -> has(each, "Complete"));
        assertThat(done.getStatus().getSucceeded()).isEqualTo(3);
        assertThat(client.pods()
                        .inNamespace("default")
                        .withLabel("controller-uid", job.getMetadata().getUid())
                        .list()
                        .getItems())
                .hasSize(3)
                .allSatisfy(pod -> {
                    assertThat(pod.getMetadata().getFinalizers()).isEmpty();
                    assertThat(pod.getMetadata().getOwnerReferences())
                            .singleElement()
                            .satisfies(
                                    owner -> assertThat(owner.getController()).isTrue());
                });
    }

    @Test
    void failsBeyondItsLimit() {
        create("fails", "backoffLimit: 1", "exit 3");
        Job failed = until("fails", each -> has(each, "Failed"));
        assertThat(failed.getStatus().getFailed()).isEqualTo(2);
        assertThat(failed.getStatus().getSucceeded()).isNull();
    }

    @Test
    void eachIndexKnowsItself() {
        create(
                "indexed",
                "completions: 2\n  parallelism: 2\n  completionMode: Indexed",
                "echo $JOB_COMPLETION_INDEX $(hostname)");
        until("indexed", each -> has(each, "Complete"));
        assertThat(pods("indexed").stream()
                        .map(pod -> client.pods().resource(pod).getLog().strip()))
                .containsExactlyInAnyOrder("0 indexed-0", "1 indexed-1");
    }

    @Test
    void itsPodsGoWithIt() {
        create("goes", "parallelism: 2\n  completions: 2", "sleep 1000");
        until("goes", each -> Integer.valueOf(2).equals(each.getStatus().getReady()));
        client.batch()
                .v1()
                .jobs()
                .inNamespace("default")
                .withName("goes")
                .withGracePeriod(0)
                .delete();
        await().atMost(LONG).until(() -> pods("goes").isEmpty());
    }

    @Test
    void aPodThatSomebodyDeletesIsReplaced() {
        create("again", "completions: 1", "sleep 1000");
        until("again", each -> Integer.valueOf(1).equals(each.getStatus().getReady()));
        Pod first = pods("again").getFirst();
        client.resource(first).withGracePeriod(1).delete();
        await().atMost(LONG)
                .until(() -> pods("again").stream()
                        .anyMatch(pod -> !pod.getMetadata()
                                .getUid()
                                .equals(first.getMetadata().getUid())));
        assertThat(until("again", each -> each.getStatus().getFailed() != null)
                        .getStatus()
                        .getFailed())
                .isEqualTo(1);
        client.batch()
                .v1()
                .jobs()
                .inNamespace("default")
                .withName("again")
                .withGracePeriod(0)
                .delete();
        await().atMost(LONG).until(() -> pods("again").isEmpty());
    }

    @Test
    void aPodThatStartsAgainForeverIsRefused() {
        Job job = create("template", "suspend: true", "true");
        job.getMetadata().setName("always");
        job.getMetadata().setResourceVersion(null);
        job.getSpec().getTemplate().getSpec().setRestartPolicy("Always");
        assertThatThrownBy(() -> client.resource(job).create())
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("restartPolicy");
    }
}
