package io.tiphys.uploader;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.Stores;
import io.tiphys.local.objectstore.Fault;
import io.tiphys.local.objectstore.Faults;
import io.tiphys.messages.TaskResult;
import io.tiphys.transfer.Archive;
import io.tiphys.transfer.PodTask.Input;
import io.tiphys.transfer.PodTask.OutputArtifact;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong on the way: data is never silently wrong, and what is said names artifact, path, key and cause, never a signature. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
class TransferFaultsTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // Quarkus sets it
    URI uploader;

    @Inject
    Stores stores;

    @Inject
    AgroalDataSource database;

    @AfterEach
    void healStore() {
        faults().clear();
    }

    private static Faults faults() {
        return Surroundings.store().faults();
    }

    private ArtifactStore store() throws Exception {
        return stores.locate("default", TestPod.oss("any")).store();
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private void put(String key, byte[] bytes) throws Exception {
        store().put(key, new ByteArrayInputStream(bytes), bytes.length, null);
    }

    private static OutputArtifact output(TestPod pod, String name, @Nullable Archive archive) {
        return new OutputArtifact(name, pod.work.resolve(name).toString(), false, archive, null, null);
    }

    private static Input input(TestPod pod, String name, @Nullable Archive archive) {
        return new Input(name, "/in/" + name, pod.staged(name), null, false, false, archive, null);
    }

    private static TaskResult failed(TestPod pod) throws Exception {
        var result = TaskResultsConsumer.await(pod.uid);
        assertThat(result.phase()).as(pod.logOf("executor.log")).isEqualTo("Error");
        for (var text : new String[] {
            String.valueOf(result.message()), pod.logOf("executor.log"), pod.logOf("main.log"), result.toString()
        }) {
            assertThat(text)
                    .doesNotContain(Surroundings.ACCESS_SECRET)
                    .doesNotContainIgnoringCase("signature=")
                    .doesNotContain("Bearer");
        }
        return result;
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "TAR"})
    void fileThatChangesWhileItIsSavedIsNamed(Archive archive) throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(output(pod, "big", archive), "changing/" + archive);
            pod.startExecutor();
            var main = pod.startMain(
                    "head -c 40000000 /dev/urandom > big; (while :; do echo x >> big; done) > /dev/null 2>&1 & echo $! > writer");
            assertThat(pod.exitCode(main)).isZero();
            var writer = ProcessHandle.of(Long.parseLong(
                            Files.readString(pod.work.resolve("writer")).strip()))
                    .orElseThrow();
            try {
                assertThat(failed(pod).message())
                        .contains("cannot save output artifact \"big\"")
                        .contains(pod.work.resolve("big").toString())
                        .contains("was changed while it was being read");
            } finally {
                writer.destroyForcibly();
                writer.onExit().join();
            }
            assertThat(store().head("changing/" + archive)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "mkfifo it, is a FIFO",
        "ln -s it it, too many levels of symbolic links",
        "ln -s /dev/null it, is a device"
    })
    void whatIsNoFileIsNamed(String making, String kind) throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(output(pod, "it", null), "kinds/it");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain(making))).isZero();
            assertThat(failed(pod).message())
                    .contains("cannot save output artifact \"it\"")
                    .contains(pod.work.resolve("it").toString())
                    .contains(kind);
        }
    }

    @Test
    void treeArrivesAsItWas() throws Exception {
        var odd = "n\\351";
        try (var producer = new TestPod(uploader);
                var consumer = new TestPod(uploader)) {
            producer.artifact(output(producer, "tree", Archive.TAR), "whole/tree.tgz");
            producer.startExecutor();
            var deep = "a-rather-long-name-for-a-directory-that-has-to-be-kept/".repeat(5);
            assertThat(producer.exitCode(producer.startMain("mkdir -p tree/" + deep + "; cd tree; echo deep > " + deep
                            + "file; echo umlaut > ä; d=$(printf '" + odd
                            + "'); mkdir $d; echo odd > $d/$d; ln -s $d link;"
                            + " truncate -s 50M holes; printf end >> holes; mkfifo fifo; mkdir shut; echo in > shut/in;"
                            + " chmod 640 ä; chmod 555 shut")))
                    .isZero();
            assertThat(TaskResultsConsumer.await(producer.uid).phase()).isNull();
            consumer.input(input(consumer, "tree", null), "whole/tree.tgz").result();
            consumer.startExecutor();
            var main = consumer.startMain("cd ../inputs/tree; d=$(printf '" + odd + "'); cat " + deep
                    + "file ä $d/$d shut/in; readlink link | od -An -tx1; cat link/$d; stat -c '%a %s' ä shut holes;"
                    + " tail -c 3 holes; echo; test $(stat -c %b holes) -lt 1000 && echo sparse; ls | wc -l");
            assertThat(consumer.exitCode(main))
                    .as(consumer.logOf("executor.log"))
                    .isZero();
            assertThat(consumer.logOf("main.log").lines())
                    .containsSubsequence("deep", "umlaut", "odd", "in", " 6e e9 0a", "odd")
                    .containsSubsequence("end", "sparse", "6")
                    .anyMatch(line -> line.startsWith("640 "))
                    .anyMatch(line -> line.startsWith("555 "))
                    .anyMatch(line -> line.endsWith(" 52428803"));
        }
    }

    @Test
    void objectThatIsDamagedInTheStoreIsNotHandedOver() throws Exception {
        put("damaged/data", noise(100_000));
        faults().inject(3, new Fault.FlipBit(5000), r -> isGetOf(r, "damaged/data"));
        try (var pod = new TestPod(uploader)) {
            pod.input(input(pod, "data", Archive.NONE), "damaged/data");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo must not run"))).isEqualTo(125);
            assertThat(failed(pod).message())
                    .contains("failed to stage input artifact \"data\" (/in/data)")
                    .contains("arrived damaged: its CRC64 is")
                    .contains("fetched 3 times");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "TAR"})
    void objectThatIsDamagedOnTheWayIsFetchedAgain(Archive archive) throws Exception {
        try (var producer = new TestPod(uploader);
                var pod = new TestPod(uploader)) {
            producer.artifact(output(producer, "data", archive), "way/" + archive);
            producer.startExecutor();
            assertThat(producer.exitCode(producer.startMain("seq 200000 > data")))
                    .isZero();
            TaskResultsConsumer.await(producer.uid);
            faults().inject(1, new Fault.FlipBit(70_000), r -> isGetOf(r, "way/" + archive));
            pod.input(input(pod, "data", archive), "way/" + archive);
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("tail -n 1 ../inputs/data")))
                    .as(pod.logOf("executor.log"))
                    .isZero();
            assertThat(pod.logOf("main.log")).isEqualTo("200000\n");
            assertThat(pod.logOf("executor.log")).contains("arrived damaged");
        }
    }

    @Test
    void objectThatIsReplacedWhileItIsReadIsNoticed() throws Exception {
        put("replaced/data", noise(20_000_000));
        faults().inject(1, new Fault.CutBody(70_000), r -> isGetOf(r, "replaced/data"));
        faults().inject(20, new Fault.Refuse(503, "ServiceUnavailable"), r -> isGetOf(r, "replaced/data"));
        try (var pod = new TestPod(uploader)) {
            pod.input(input(pod, "data", Archive.NONE), "replaced/data");
            pod.startExecutor();
            await().atMost(SOON).until(() -> pod.logOf("executor.log").contains("attempt 2"));
            put("replaced/data", noise(20_000_001));
            faults().clear();
            assertThat(pod.exitCode(pod.startMain("echo must not run"))).isEqualTo(125);
            assertThat(failed(pod).message())
                    .contains("/replaced/data")
                    .contains("was replaced while it was being read");
        }
    }

    private static boolean isGetOf(Faults.Request request, String key) {
        return request.method().equals("GET") && request.key().equals(key);
    }

    @Test
    void storeThatIsAwayForAWhileIsWaitedFor() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(output(pod, "big", Archive.NONE), "away/big");
            faults().inject(
                            1000,
                            new Fault.Drop(),
                            r -> r.key().equals("away/big") && r.method().equals("PUT"));
            pod.startExecutor();
            var main = pod.startMain("head -c 20000000 /dev/urandom > big");
            await().atMost(SOON).until(() -> pod.logOf("executor.log").contains("attempt 3"));
            faults().clear();
            assertThat(pod.exitCode(main)).isZero();
            assertThat(TaskResultsConsumer.await(pod.uid).phase())
                    .as(pod.logOf("executor.log"))
                    .isNull();
            assertThat(store().head("away/big").orElseThrow().sizeBytes()).isEqualTo(20_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"403, AccessDenied, 1000", "403, QuotaExceeded, 20000000", "403, RequestTimeTooSkewed, 300000"})
    void refusalIsToldWithItsPlaceAndReason(int status, String code, int size) throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(output(pod, "out", Archive.NONE), "refused/out-" + size);
            faults().inject(
                            1000,
                            new Fault.Refuse(status, code),
                            r -> r.method().equals("PUT"));
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("head -c " + size + " /dev/zero > out")))
                    .isZero();
            assertThat(failed(pod).message())
                    .contains("cannot save output artifact \"out\"")
                    .contains("/refused/out-" + size)
                    .contains(code);
        }
    }

    @ParameterizedTest
    @CsvSource({"AccessDenied, NONE", "RequestTimeTooSkewed, NONE", "AccessDenied, TAR"})
    void refusalOfAnInputIsToldWithItsPlaceAndReason(String code, Archive archive) throws Exception {
        put("refused/in", noise(1000));
        faults().inject(1000, new Fault.Refuse(403, code), r -> isGetOf(r, "refused/in"));
        try (var pod = new TestPod(uploader)) {
            pod.input(input(pod, "data", archive), "refused/in");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo must not run"))).isEqualTo(125);
            assertThat(failed(pod).message())
                    .contains("failed to stage input artifact \"data\" (/in/data)")
                    .contains("/refused/in")
                    .contains(code);
        }
    }

    @Test
    void storeThatIsAwayWhileAnInputIsFetchedIsWaitedFor() throws Exception {
        put("away/in", noise(20_000_000));
        faults().inject(1000, new Fault.Drop(), r -> isGetOf(r, "away/in"));
        try (var pod = new TestPod(uploader)) {
            pod.input(input(pod, "data", Archive.NONE), "away/in");
            pod.startExecutor();
            var main = pod.startMain("stat -c %s ../inputs/data");
            await().atMost(SOON).until(() -> pod.logOf("executor.log").contains("attempt 3"));
            faults().clear();
            assertThat(pod.exitCode(main)).as(pod.logOf("executor.log")).isZero();
            assertThat(pod.logOf("main.log")).isEqualTo("20000000\n");
        }
    }

    private static Map<String, Object> inMissingBucket() {
        return Map.of(
                "oss",
                Map.of("endpoint", Surroundings.store().endpoint().toString(), "bucket", "no-such-bucket", "key", "k"));
    }

    @Test
    void missingBucketOfAnInputIsNamed() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.inputAt(input(pod, "data", Archive.NONE), inMissingBucket());
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo must not run"))).isEqualTo(125);
            assertThat(failed(pod).message())
                    .contains("failed to stage input artifact \"data\" (/in/data)")
                    .contains("no-such-bucket")
                    .contains("NoSuchBucket");
        }
    }

    @Test
    void missingBucketIsNamedInTheResult() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifactAt(output(pod, "out", Archive.NONE), inMissingBucket());
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo x > out"))).isZero();
            assertThat(failed(pod).message())
                    .contains("output artifact \"out\"")
                    .contains("no-such-bucket")
                    .contains("NoSuchBucket");
        }
    }

    @Test
    void uploadGoesOnWhenPostgresIsStartedAgain() throws Exception {
        try (var pod = new TestPod(uploader)) {
            pod.artifact(output(pod, "big", Archive.NONE), "postgres/big");
            faults().inject(
                            1,
                            new Fault.Delay(Duration.ofSeconds(1)),
                            r -> r.query().contains("partNumber=2"));
            pod.startExecutor();
            var main = pod.startMain("head -c 150000000 /dev/urandom > big");
            await().atMost(SOON).until(() -> faults().injected() > 0);
            for (int n = 0; n < 3; n++) {
                endConnections();
            }
            assertThat(pod.exitCode(main)).isZero();
            assertThat(TaskResultsConsumer.await(pod.uid).phase())
                    .as(pod.logOf("executor.log"))
                    .isNull();
            assertThat(store().head("postgres/big").orElseThrow().sizeBytes()).isEqualTo(150_000_000);
        }
    }

    /** As a restart does to whoever is connected. */
    private void endConnections() throws Exception {
        try (var connection = database.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where backend_type = 'client backend' and pid <> pg_backend_pid()");
        }
    }

    @Test
    void archiveThatIsNoneIsNamed() throws Exception {
        put("broken/tar", "no archive at all".getBytes(UTF_8));
        try (var pod = new TestPod(uploader)) {
            pod.input(input(pod, "data", Archive.TAR), "broken/tar");
            pod.startExecutor();
            assertThat(pod.exitCode(pod.startMain("echo must not run"))).isEqualTo(125);
            assertThat(failed(pod).message())
                    .contains("failed to stage input artifact \"data\" (/in/data)")
                    .contains("can't be unpacked as tar");
        }
    }
}
