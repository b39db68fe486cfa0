package io.tiphys.artifacts.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.ArtifactStore.GetOptions;
import io.tiphys.artifacts.ArtifactStore.OpenUpload;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.ArtifactStore.PutOptions;
import io.tiphys.artifacts.ArtifactStore.SignedRequest;
import io.tiphys.artifacts.ArtifactStore.StoredPart;
import io.tiphys.artifacts.LifecycleRule;
import io.tiphys.artifacts.LifecycleRule.Move;
import io.tiphys.artifacts.LifecycleRule.StorageClass;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What every artifact store must do; an adapter's test extends this and gives an empty bucket per test. What a store has no {@link
 * ArtifactStore.Ability} for is passed over.
 */
public abstract class ArtifactStoreContract {
    private static final Duration SHORT = Duration.ofMinutes(5);
    /** OSS and S3 take no smaller part, but for the last. */
    private static final int PART_BYTES = 5 * 1024 * 1024;

    protected abstract ArtifactStore store() throws Exception;

    private ArtifactStore store(Ability needed) throws Exception {
        var store = store();
        assumeThat(store.abilities()).contains(needed);
        return store;
    }

    private StoredObject put(String key, String content) throws Exception {
        var bytes = content.getBytes(UTF_8);
        return store().put(key, new ByteArrayInputStream(bytes), bytes.length, "text/plain");
    }

    private String content(String key) throws Exception {
        try (var in = store().read(key)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private List<String> keys(String prefix) throws Exception {
        var keys = new ArrayList<String>();
        store(Ability.LIST).list(prefix, object -> keys.add(object.key()));
        return keys;
    }

    @Test
    void givesBackWhatWasPut() throws Exception {
        put("dir/a b+ü", "hello");
        assertThat(content("dir/a b+ü")).isEqualTo("hello");
        var object = store().head("dir/a b+ü").orElseThrow();
        assertThat(object.sizeBytes()).isEqualTo(5);
        assertThat(object.contentType()).as("where the store keeps it").isIn("text/plain", null);
        assertThat(object.etag()).isNotBlank();
    }

    @Test
    void takesNoContentWithAnotherMd5() throws Exception {
        var bytes = "other".getBytes(UTF_8);
        var options = new PutOptions(null, md5("expected".getBytes(UTF_8)), null);
        assertThatThrownBy(() -> store().put("damaged", options, new ByteArrayInputStream(bytes), bytes.length))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.REFUSED));
        assertThat(store().head("damaged")).isEmpty();
    }

    @Test
    void overwritesWhatIsThere() throws Exception {
        var first = put("twice", "first").etag();
        assertThat(put("twice", "second").etag()).isNotEqualTo(first);
        assertThat(content("twice")).isEqualTo("second");
        put("empty", "");
        assertThat(content("empty")).isEmpty();
        assertThat(store().head("empty").orElseThrow().sizeBytes()).isZero();
    }

    @Test
    void readsARange() throws Exception {
        put("range", "0123456789");
        try (var in = store().read("range", 2, 4)) {
            assertThat(new String(in.readAllBytes(), UTF_8)).isEqualTo("234");
        }
    }

    @Test
    void closingEarlyIsFine() throws Exception {
        var large = new byte[3_000_000];
        store().put("large", new ByteArrayInputStream(large), large.length, null);
        for (int n = 0; n < 20; n++) {
            try (var in = store().read("large")) {
                assertThat(in.read()).isZero();
            }
        }
        assertThat(content("large")).hasSize(large.length);
    }

    @Test
    void whatIsMissingIsMissing() throws Exception {
        assertThat(store().head("missing")).isEmpty();
        assertThatThrownBy(() -> store().read("missing").close())
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND))
                .hasMessageContaining("missing");
    }

    @Test
    void listsInOrderOverManyPages() throws Exception {
        store(Ability.LIST);
        for (int n = 0; n < 1005; n++) {
            put("list/%04d".formatted(n), "");
        }
        put("other", "");
        assertThat(keys("list/"))
                .isEqualTo(IntStream.range(0, 1005)
                        .mapToObj("list/%04d"::formatted)
                        .toList());
    }

    @Test
    void pagesShowDirectories() throws Exception {
        store(Ability.LIST);
        for (var key : List.of("top/a", "top/b/1", "top/b/2", "top/c/d/1", "top/e")) {
            put(key, "x");
        }
        var seen = new ArrayList<String>();
        var request = new PageRequest("top/", "/", null, 2);
        int pages = 0;
        do {
            var page = store().page(request);
            page.objects().forEach(object -> seen.add(object.key()));
            seen.addAll(page.directories());
            request = request.after(page.next());
            pages++;
        } while (request.after() != null);
        assertThat(seen).containsExactlyInAnyOrder("top/a", "top/b/", "top/c/", "top/e");
        assertThat(pages).isGreaterThanOrEqualTo(2);
    }

    @Test
    void deletesManyAndWhatIsNotThere() throws Exception {
        store(Ability.DELETE);
        var keys = IntStream.range(0, 1500).mapToObj(n -> "delete/" + n).toList();
        for (var key : List.of("delete/1", "delete/1499", "delete/ü &<x>", "kept")) {
            put(key, "x");
        }
        var all = new ArrayList<>(keys);
        all.add("delete/ü &<x>");
        assertThat(store().delete(all)).isEmpty();
        for (var key : List.of("delete/1", "delete/1499", "delete/ü &<x>")) {
            assertThat(store().head(key)).isEmpty();
        }
        assertThat(content("kept")).isEqualTo("x");
    }

    @Test
    void signedRequestsNeedNothingElse() throws Exception {
        store(Ability.PRESIGN);
        var body = "signed".getBytes(UTF_8);
        var put = store().signPut("signed/ä b", md5(body), "text/plain", SHORT);
        assertThat(send(put, "PUT", body).statusCode()).isBetween(200, 201);
        var got = send(store().signGet("signed/ä b", SHORT), "GET", new byte[0]);
        assertThat(got.body()).isEqualTo("signed");
    }

    @Test
    void signedGetSaysWhatABrowserShallDo() throws Exception {
        store(Ability.PRESIGN);
        put("shown", "x");
        var options = new GetOptions("text/csv", "attachment; filename=\"a b.csv\"");
        var got = send(store().signGet("shown", SHORT, options), "GET", new byte[0]);
        assertThat(got.statusCode()).as(got.body()).isEqualTo(200);
        assertThat(got.headers().firstValue("Content-Type")).contains("text/csv");
        assertThat(got.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"a b.csv\"");
    }

    @Test
    void signedPutTakesNoOtherContent() throws Exception {
        store(Ability.PRESIGN);
        var put = store().signPut("signed", md5("expected".getBytes(UTF_8)), null, SHORT);
        assertThat(send(put, "PUT", "other".getBytes(UTF_8)).statusCode()).isBetween(400, 403);
        assertThat(store().head("signed")).isEmpty();
    }

    @Test
    void putsPartsTogether() throws Exception {
        store(Ability.MULTIPART);
        var first = "a".repeat(PART_BYTES).getBytes(UTF_8);
        var second = "b".getBytes(UTF_8);
        var id = store().beginMultipart("parts", null);
        var parts = List.of(part("parts", id, 1, first), part("parts", id, 2, second));
        assertThat(store().head("parts")).as("nothing before it is complete").isEmpty();
        assertThat(store().completeMultipart("parts", id, parts).sizeBytes()).isEqualTo(PART_BYTES + 1);
        assertThat(content("parts")).startsWith("aaa").endsWith("ab").hasSize(PART_BYTES + 1);
    }

    @Test
    void aPartSentAgainReplacesTheFirst() throws Exception {
        store(Ability.MULTIPART);
        var id = store().beginMultipart("again", null);
        var ignored = part("again", id, 1, "wrong".getBytes(UTF_8));
        var right = part("again", id, 1, "right".getBytes(UTF_8));
        assertThat(ignored.number()).isEqualTo(right.number());
        store().completeMultipart("again", id, List.of(right));
        assertThat(content("again")).isEqualTo("right");
    }

    @Test
    void abortedUploadIsNoMore() throws Exception {
        store(Ability.MULTIPART);
        var id = store().beginMultipart("aborted", null);
        var part = part("aborted", id, 1, "x".getBytes(UTF_8));
        store().abortMultipart("aborted", id);
        store().abortMultipart("aborted", id);
        assertThatThrownBy(() -> store().parts("aborted", id))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
        assertThatThrownBy(() -> store().completeMultipart("aborted", id, List.of(part)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.NOT_FOUND));
    }

    @Test
    void tellsWhatUploadsAreOpenAndWhatTheyHave() throws Exception {
        store(Ability.MULTIPART);
        var id = store().beginMultipart("open/ü 1", null);
        var two = part("open/ü 1", id, 2, "two".getBytes(UTF_8));
        var one = "one".getBytes(UTF_8);
        store().putPart("open/ü 1", id, 1, new ByteArrayInputStream(one), one.length, md5(one));
        assertThat(store().parts("open/ü 1", id))
                .extracting(part -> part.number() + ":" + part.sizeBytes())
                .containsExactly("1:3", "2:3");
        assertThat(store().parts("open/ü 1", id).get(1).etag()).isEqualToIgnoringCase(two.etag());
        var open = new ArrayList<OpenUpload>();
        store().listMultipart("open/", open::add);
        assertThat(open).singleElement().satisfies(upload -> {
            assertThat(upload.key()).isEqualTo("open/ü 1");
            store().abortMultipart(upload.key(), upload.uploadId());
        });
        open.clear();
        store().listMultipart("", open::add);
        assertThat(open).isEmpty();
    }

    @Test
    void changesItsOwnLifecycleRulesOnly() throws Exception {
        store(Ability.LIFECYCLE);
        assertThat(store().lifecycleRules()).isEmpty();
        var others = new LifecycleRule("others", "o/", true, 7, List.of(), null);
        store().changeLifecycleRules(List.of(others), List.of());
        var ours = new LifecycleRule(
                "ours", "tiphys/", true, 90, List.of(new Move(30, StorageClass.INFREQUENT_ACCESS)), null);
        store().changeLifecycleRules(List.of(ours), List.of());
        store().changeLifecycleRules(List.of(ours), List.of());
        assertThat(store().lifecycleRules()).containsExactlyInAnyOrder(others, ours);
        var changed = new LifecycleRule("ours", "tiphys/", false, 10, List.of(), null);
        store().changeLifecycleRules(List.of(changed), List.of("never there"));
        assertThat(store().lifecycleRules()).containsExactlyInAnyOrder(others, changed);
        store().changeLifecycleRules(List.of(), List.of("ours"));
        assertThat(store().lifecycleRules()).containsExactly(others);
        store().changeLifecycleRules(List.of(), List.of("others"));
        assertThat(store().lifecycleRules()).isEmpty();
    }

    /** By a signed URL where the store gives them, as a pod does it. */
    private StoredPart part(String key, String id, int number, byte[] body) throws Exception {
        if (!store().abilities().contains(Ability.PRESIGN)) {
            return store().putPart(key, id, number, new ByteArrayInputStream(body), body.length, md5(body));
        }
        var answer = send(store().signPart(key, id, number, md5(body), SHORT), "PUT", body);
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
        return new StoredPart(
                number, answer.headers().firstValue("ETag").orElse("").replace("\"", ""));
    }

    private static HttpResponse<String> send(SignedRequest signed, String method, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(signed.url()))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        signed.headers().forEach(request::header);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), BodyHandlers.ofString());
        }
    }

    private static String md5(byte[] bytes) throws Exception {
        return Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    }
}
