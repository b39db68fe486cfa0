package io.tiphys.uploader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Stores;
import io.tiphys.local.objectstore.Fault;
import io.tiphys.messages.TaskResult;
import io.tiphys.transfer.Archive;
import io.tiphys.transfer.PodTask.Input;
import io.tiphys.transfer.PodTask.OutputArtifact;
import io.tiphys.transfer.PodTask.OutputParameter;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way of the data: real executor and emissary processes, this uploader, real Postgres, Kafka and object storage. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class DataPlaneTest {
    /** More with {@code -Dtiphys.test.large=2147483648}. */
    private static final long LARGE_BYTES = Long.getLong("tiphys.test.large", 100_000_000);

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI uploader;

    @Inject
    Stores stores;

    @Inject
    KubernetesClient kubernetes;

    @AfterEach
    void healStore() {
        Surroundings.store().faults().clear();
    }

    private ArtifactStore store() throws Exception {
        return stores.locate("default", TestPod.oss("any")).store();
    }

    private byte[] stored(String key) throws Exception {
        try (var in = store().read(key)) {
            return in.readAllBytes();
        }
    }

    private static JsonNode outputs(TaskResult result) {
        return Objects.requireNonNull(result.outputs(), "outputs");
    }

    private static OutputArtifact file(String name, Path path, Archive archive) {
        return new OutputArtifact(name, path.toString(), false, archive, null, null);
    }

    @Test
    void outputsGoIntoTheStoreAndTheTaskResult() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.result()
                    .parameter(new OutputParameter(
                            "count", pod.work.resolve("count").toString(), null))
                    .parameter(new OutputParameter("absent", "/no/such/file", "a default"))
                    .artifact(file("plain", pod.work.resolve("plain.txt"), Archive.NONE), "one/plain.txt")
                    .artifact(file("packed", pod.work.resolve("dir"), Archive.TAR), "one/packed.tgz")
                    .log("main-logs", "one/main.log");
            pod.startExecutor();
            var main = pod.startMain(
                    "echo 42 > count; printf hello > plain.txt; mkdir dir; echo a > dir/a; ln -s a dir/b; echo the result; echo oops >&2");
            assertThat(pod.exitCode(main)).isZero();

            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).as(pod.logOf("executor.log")).isNull();
            assertThat(result.podUid()).isEqualTo("pod-uid-" + pod.uid);
            assertThat(outputs(result).get("exitCode").asText()).isEqualTo("0");
            assertThat(outputs(result).get("result").asText()).isEqualTo("the result");
            assertThat(outputs(result).at("/parameters/0/value").asText()).isEqualTo("42");
            assertThat(outputs(result).at("/parameters/1/value").asText()).isEqualTo("a default");
            assertThat(outputs(result).at("/artifacts/0/oss/key").asText()).isEqualTo("one/plain.txt");
            assertThat(new String(stored("one/plain.txt"), UTF_8)).isEqualTo("hello");
            assertThat(new String(stored("one/main.log"), UTF_8))
                    .contains("the result\n")
                    .contains("oops\n");
        }
    }

    @Test
    void whatOnePodSavedAnotherFindsUnpacked() throws Exception {
        try (var producer = new TestPod(uploader);
                var consumer = new TestPod(uploader)) {
            producer.artifact(file("tree", producer.work.resolve("tree"), Archive.TAR), "two/tree.tgz")
                    .artifact(file("zip", producer.work.resolve("tree"), Archive.ZIP), "two/tree.zip")
                    .artifact(file("files", producer.work.resolve("tree"), Archive.NONE), "two/files");
            producer.startExecutor();
            assertThat(
                            producer.exitCode(
                                    producer.startMain(
                                            "mkdir -p tree/sub; echo 1 > tree/one; echo 2 > tree/sub/two; chmod 700 tree/one; ln -s one tree/link; ln -s nowhere tree/broken")))
                    .isZero();
            TaskResultsConsumer.await(producer.uid);

            for (var name : new String[] {"tree", "zip", "files"}) {
                var archive = name.equals("zip") ? Archive.ZIP : null;
                var key = name.equals("tree") ? "two/tree.tgz" : name.equals("zip") ? "two/tree.zip" : "two/files";
                consumer.input(
                        new Input(name, "/in/" + name, consumer.staged(name), null, false, false, archive, null), key);
            }
            consumer.input(
                    new Input("none", "/in/none", consumer.staged("none"), null, false, true, null, null),
                    "two/nothing");
            consumer.result().startExecutor();
            var main = consumer.startMain(
                    "cd ../inputs; cat tree/one tree/link tree/sub/two zip/one zip/sub/two files/one"
                            + " files/sub/two; test -x tree/one && test -L zip/link && echo as it was; ls -d none 2>/dev/null; exit 0");
            assertThat(consumer.exitCode(main))
                    .as(consumer.logOf("executor.log"))
                    .isZero();
            assertThat(outputs(TaskResultsConsumer.await(consumer.uid))
                            .get("result")
                            .asText())
                    .isEqualTo("1\n1\n2\n1\n2\n1\n2\nas it was");
        }
    }

    @Test
    void largeFileArrivesWholeThoughPartsFailAndTheExecutorIsKilled() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(file("big", pod.work.resolve("big"), Archive.NONE), "three/big")
                    .artifact(file("stream", pod.work.resolve("big"), Archive.TAR), "three/big.tgz");
            var faults = Surroundings.store().faults();
            faults.inject(
                    2,
                    new Fault.Refuse(503, "ServiceUnavailable"),
                    r -> r.query().contains("partNumber"));
            faults.inject(1, new Fault.FlipBit(1000), r -> r.query().contains("partNumber=2"));
            faults.inject(1, new Fault.DropAnswer(), r -> r.query().contains("partNumber=3"));
            var executor = pod.startExecutor();
            var main = pod.startMain("head -c " + LARGE_BYTES + " /dev/urandom > big");
            await().atMost(Duration.ofMinutes(2))
                    .until(() ->
                            faults.injected() >= 4 || pod.logOf("executor.log").contains("reported"));
            executor.destroyForcibly().waitFor();
            assertThat(main.isAlive())
                    .as("emissary keeps the outputs until they are safe")
                    .isTrue();
            var second = pod.startExecutor();
            assertThat(pod.exitCode(main)).isZero();
            assertThat(TestPod.peakMemoryMebibytes(second))
                    .as("resident set of the executor, MiB")
                    .isLessThan(128);
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).as(pod.logOf("executor.log")).isNull();
            try (var in = store().read("three/big")) {
                assertThat(sha256(in)).isEqualTo(sha256(Files.newInputStream(pod.work.resolve("big"))));
            }
            assertThat(store().head("three/big.tgz").orElseThrow().sizeBytes()).isGreaterThan(LARGE_BYTES);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "TAR"})
    void executorThatIsKilledWhenAllIsStoredFindsItSo(Archive archive) throws Exception {
        var key = "stored/" + archive;
        try (var pod = new TestPod(uploader)) {
            pod.artifact(file("big", pod.work.resolve("big"), archive), key);
            Surroundings.store()
                    .faults()
                    .inject(
                            1,
                            new Fault.Delay(Duration.ofMillis(1500)),
                            r -> r.method().equals("HEAD") && r.key().equals(key));
            var executor = pod.startExecutor();
            var main = pod.startMain("head -c 20000000 /dev/urandom > big");
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                var seen = new ArrayList<String>();
                store().list(key, object -> seen.add(object.key()));
                return !seen.isEmpty();
            });
            executor.destroyForcibly().waitFor();
            pod.startExecutor();
            assertThat(pod.exitCode(main)).isZero();
            assertThat(TaskResultsConsumer.await(pod.uid).phase())
                    .as(pod.logOf("executor.log"))
                    .isNull();
            assertThat(store().head(key).orElseThrow().sizeBytes()).isGreaterThanOrEqualTo(20_000_000);
        }
    }

    @Test
    void failedMainStillHasItsOutputsSavedAndMissingOnesAreFine() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.parameter(new OutputParameter("p", pod.work.resolve("p").toString(), null))
                    .artifact(file("there", pod.work.resolve("there"), Archive.NONE), "four/there")
                    .artifact(file("missing", pod.work.resolve("missing"), Archive.NONE), "four/missing");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo x > there; exit 3"))).isEqualTo(3);
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).isNull();
            assertThat(outputs(result).get("exitCode").asText()).isEqualTo("3");
            assertThat(outputs(result).get("artifacts")).hasSize(1);
        }
    }

    @Test
    void missingOutputOfASuccessfulMainIsAnError() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(file("missing", Path.of("/no/such/file"), Archive.TAR), "five/missing")
                    .artifact(new OutputArtifact("optional", "/no/such/file", true, null, null, null), "five/optional");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("true"))).isZero();
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).isEqualTo("Error");
            assertThat(result.message())
                    .isEqualTo(
                            "cannot save output artifact \"missing\": open /no/such/file: no such file or directory");
        }
    }

    @Test
    void missingInputFailsThePodBeforeMainStarts() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.input(new Input("data", "/in", pod.staged("data"), null, false, false, null, null), "six/nothing");
            pod.startExecutor();
            var main = pod.startMain("echo must not run > ran");
            assertThat(pod.exitCode(main)).isEqualTo(125);
            assertThat(pod.work.resolve("ran")).doesNotExist();
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).isEqualTo("Error");
            assertThat(result.message()).contains("failed to stage input artifact \"data\" (/in)");
        }
    }

    @Test
    void largeInputIsFetchedInRangesAndABrokenOneAgain() throws Exception {
        var bytes = new byte[40_000_000];
        new SplittableRandom(5).nextBytes(bytes);
        store().put("seven/data", new ByteArrayInputStream(bytes), bytes.length, null);
        Surroundings.store()
                .faults()
                .inject(
                        1,
                        new Fault.CutBody(70_000),
                        r -> r.method().equals("GET") && r.key().equals("seven/data"));
        try (var pod = new TestPod(uploader)) {
            pod.input(
                    new Input("data", "/in", pod.staged("data"), 0600, false, false, Archive.NONE, null), "seven/data");
            pod.startExecutor();
            var main = pod.startMain("stat -c %a ../inputs/data");
            assertThat(pod.exitCode(main)).as(pod.logOf("executor.log")).isZero();
            assertThat(sha256(Files.newInputStream(Path.of(pod.staged("data")))))
                    .isEqualTo(sha256(new ByteArrayInputStream(bytes)));
            assertThat(pod.logOf("main.log")).isEqualTo("600\n");
        }
    }

    @Test
    void classicPodsStageAndSaveInContainersOfTheirOwn() throws Exception {
        var bytes = "what was there before".getBytes(UTF_8);
        store().put("eight/in", new ByteArrayInputStream(bytes), bytes.length, null);
        try (var pod = new TestPod(uploader)) {
            pod.input(new Input("in", "/in", pod.staged("in"), null, false, false, Archive.NONE, null), "eight/in")
                    .artifact(file("out", pod.work.resolve("out"), Archive.NONE), "eight/out")
                    .log("main-logs", "eight/main.log")
                    .result();
            assertThat(pod.exitCode(pod.startExecutor("stage")))
                    .as(pod.logOf("executor.log"))
                    .isZero();
            var saving = pod.startExecutor("save");
            var main = pod.startMain("tr a-z A-Z < ../inputs/in > out; echo done; exit 4");
            assertThat(pod.exitCode(main)).isEqualTo(4);
            assertThat(pod.exitCode(saving)).as("it ends by itself").isZero();
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(outputs(result).get("exitCode").asText()).isEqualTo("4");
            assertThat(outputs(result).get("result").asText()).isEqualTo("done");
            assertThat(new String(stored("eight/out"), UTF_8)).isEqualTo("WHAT WAS THERE BEFORE");
            assertThat(new String(stored("eight/main.log"), UTF_8)).isEqualTo("done\n");
        }
    }

    @Test
    void classicPodWhoseInputIsMissingStartsNothing() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.input(new Input("data", "/in", pod.staged("data"), null, false, false, null, null), "nine/nothing");
            assertThat(pod.exitCode(pod.startExecutor("stage"))).isEqualTo(1);
            var result = TaskResultsConsumer.await(pod.uid);
            assertThat(result.phase()).isEqualTo("Error");
            assertThat(result.message()).contains("failed to stage input artifact \"data\" (/in)");
        }
    }

    @Test
    void capabilityIsRenewedWhileThePodLives() throws Exception {
        var pods = kubernetes.pods().inNamespace("default");
        pods.resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("wf-renewed")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("main")
                        .withImage("any")
                        .endContainer()
                        .endSpec()
                        .withNewStatus()
                        .withPhase("Running")
                        .endStatus()
                        .build())
                .create();
        for (var name : new String[] {"wf-renewed", "wf-gone"}) {
            try (var pod = new TestPod(uploader)) {
                pod.named(name)
                        .capabilityUntil(Instant.now().plusSeconds(300)) // renewed within the last ten minutes
                        .artifact(file("out", pod.work.resolve("out"), Archive.NONE), "ten/" + name);
                pod.startExecutor();
                assertThat(pod.exitCode(pod.startMain("echo x > out"))).isZero();
                assertThat(TaskResultsConsumer.await(pod.uid).phase()).isNull();
                assertThat(pod.logOf("executor.log"))
                        .contains(
                                name.equals("wf-gone")
                                        ? "was not renewed: the pod default/wf-gone has ended"
                                        : "the capability lasts until");
                assertThat(store().head("ten/" + name)).isPresent();
            }
        }
    }

    private static String sha256(InputStream in) throws Exception {
        try (in) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[64 * 1024];
            for (int n; (n = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        }
    }
}
