package io.tiphys.submitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tiphys.artifacts.Credentials;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.oss.OssDriver;
import io.tiphys.local.objectstore.Fault;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file that is large enough for the quick way from the store to its reader. */
@QuarkusTest
@QuarkusTestResource(Surroundings.class)
@Timeout(120)
class LargeFileTest {
    private static final String KEY = "argo/bulky/large.bin";
    private static final String FILE = "/artifacts/argo/bulky/bulky/large";
    private static final byte[] CONTENT = new byte[5 * 1024 * 1024 + 11];

    static {
        new Random(7).nextBytes(CONTENT);
    }

    @TestHTTPResource("/")
    URI base = URI.create("/");

    @Inject
    KubernetesClient kubernetes;

    @ConfigProperty(name = "test.oss.endpoint")
    String oss = "";

    private Api api = new Api(base);

    @BeforeEach
    void workflowWithALargeFile() throws IOException {
        api = new Api(base);
        put(CONTENT);
        if (new Cluster(kubernetes).workflow("bulky").get() == null) {
            api.create("argo", "{\"name\":\"bulky\"}");
            new Cluster(kubernetes).status("bulky", """
                    {"phase":"Succeeded","artifactRepositoryRef":{"artifactRepository":{"oss":{"endpoint":"%s","bucket":"%s"}}},
                    "nodes":{"bulky":{"id":"bulky","name":"bulky","type":"Pod","phase":"Succeeded","templateName":"main",
                    "outputs":{"artifacts":[{"name":"large","oss":{"key":"%s"}}]}}}}""".formatted(oss, Surroundings.BUCKET, KEY));
        }
    }

    @AfterEach
    void noFaults() {
        Surroundings.store().faults().clear();
    }

    @Test
    void comesWholeOrInPart() {
        HttpResponse<byte[]> whole = api.bytes(FILE, Map.of());
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(whole.body()).isEqualTo(CONTENT);
        assertThat(whole.headers().allValues("Content-Length")).containsExactly(Integer.toString(CONTENT.length));
        assertThat(whole.headers().firstValue("Content-Disposition")).hasValue("filename=\"large.bin\"");
        assertThat(whole.headers().firstValue("Content-Security-Policy")).isPresent();
        String etag = whole.headers().firstValue("ETag").orElseThrow();

        HttpResponse<byte[]> part = api.bytes(FILE, Map.of("Range", "bytes=17-4000016", "If-Range", etag));
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.headers().firstValue("Content-Range")).hasValue("bytes 17-4000016/" + CONTENT.length);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(CONTENT, 17, 4_000_017));

        HttpResponse<byte[]> changed = api.bytes(FILE, Map.of("Range", "bytes=17-4000016", "If-Range", "\"other\""));
        assertThat(changed.statusCode()).isEqualTo(200);
        assertThat(changed.body()).isEqualTo(CONTENT);
    }

    @Test
    void goesOnWhereTheStoreBreaksOff() {
        fault(1, new Fault.CutBody(3_000_000));
        fault(1, new Fault.CutBody(1_500_000));
        long before = Surroundings.store().faults().injected();

        assertThat(api.bytes(FILE, Map.of()).body()).isEqualTo(CONTENT);
        assertThat(Surroundings.store().faults().injected() - before).isEqualTo(2);
    }

    @Test
    void comesByTheStoresClientWhereTheQuickWayIsBarred() {
        fault(1, new Fault.Refuse(403, "AccessDenied"));

        assertThat(api.bytes(FILE, Map.of()).body()).isEqualTo(CONTENT);
    }

    /** Nobody may take the beginning of a file for the whole. */
    @Test
    void isAnErrorWhenItCannotBeFinished() {
        fault(1, new Fault.CutBody(2_000_000));
        fault(20, new Fault.Refuse(403, "AccessDenied"));

        assertThatThrownBy(() -> api.bytes(FILE, Map.of())).hasCauseInstanceOf(IOException.class);
    }

    private static void fault(int times, Fault fault) {
        Surroundings.store()
                .faults()
                .inject(
                        times,
                        fault,
                        request ->
                                request.method().equals("GET") && request.key().equals(KEY));
    }

    private void put(byte[] content) throws IOException {
        try (OssDriver driver = new OssDriver(new Credentials("test-id", "test-secret", null))) {
            new Stores(List.of(driver), (_, _, _) -> Optional.empty())
                    .locate("argo", Map.of("oss", Map.of("endpoint", oss, "bucket", Surroundings.BUCKET, "key", "x")))
                    .store()
                    .put(KEY, new ByteArrayInputStream(content), content.length, null);
        }
    }
}
