package io.tiphys.artifacts.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import io.tiphys.api.ArtifactDriver;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.plugin.wire.ArtifactServiceGrpc.ArtifactServiceImplBase;
import io.tiphys.artifacts.plugin.wire.DeleteArtifactRequest;
import io.tiphys.artifacts.plugin.wire.DeleteArtifactResponse;
import io.tiphys.artifacts.plugin.wire.ListObjectsRequest;
import io.tiphys.artifacts.plugin.wire.ListObjectsResponse;
import io.tiphys.artifacts.plugin.wire.LoadArtifactRequest;
import io.tiphys.artifacts.plugin.wire.LoadArtifactResponse;
import io.tiphys.artifacts.plugin.wire.OpenStreamRequest;
import io.tiphys.artifacts.plugin.wire.OpenStreamResponse;
import io.tiphys.artifacts.plugin.wire.SaveArtifactRequest;
import io.tiphys.artifacts.plugin.wire.SaveArtifactResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drivers that are away, slow, or answer nonsense. */
class DriverFaultsTest {
    private static final String CONFIGURATION = "password: hush-hush";
    private static final Patience HURRIED =
            new Patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300), 1 << 20);
    private static final Patience PATIENT =
            new Patience(Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1), 1 << 20);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path dir;

    @SuppressWarnings("NullAway.Init") // set before each
    private Path socket;

    private @Nullable Server server;
    private final List<PluginDriver> drivers = new ArrayList<>();

    @BeforeEach
    void place() throws IOException {
        socket = Files.createDirectory(dir.resolve("odd")).resolve("socket");
    }

    @AfterEach
    void stop() {
        drivers.forEach(PluginDriver::close);
        if (server != null) {
            server.shutdownNow();
        }
    }

    private ArtifactStore store(Patience patience) throws StoreException {
        var driver = new PluginDriver(List.of(new ArtifactDriver("odd", null, 0, socket.toString())), patience);
        drivers.add(driver);
        return new Stores(List.of(driver), (_, _, _) -> Optional.empty())
                .locate("default", Map.of("plugin", Map.of("name", "odd", "configuration", CONFIGURATION, "key", "k")))
                .store();
    }

    private ArtifactStore against(ArtifactServiceImplBase driver, Patience patience) throws IOException {
        server = FolderDriver.serve(driver, socket);
        return store(patience);
    }

    private static AbstractThrowableAssert<?, ?> assertFails(Kind kind, ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(kind))
                .hasMessageContaining("artifact driver odd can't")
                .hasMessageNotContaining("hush-hush");
    }

    @Test
    void aDriverThatIsAwayIsWorthAnotherTry() throws Exception {
        Files.delete(dir.resolve("odd"));
        var store = store(HURRIED);

        assertFails(Kind.UNAVAILABLE, () -> store.read("k").close())
                .hasMessageContaining("can't read \"k\": no connection to " + socket)
                .hasMessageContaining("there is no such socket");
        assertFails(Kind.UNAVAILABLE, () -> store.head("k"));
        assertFails(Kind.UNAVAILABLE, () -> store.page(PageRequest.of("k/")));
        assertFails(Kind.UNAVAILABLE, () -> store.put("k", new ByteArrayInputStream(new byte[1]), 1, null))
                .hasMessageContaining("can't save \"k\": no connection to " + socket);
        assertThat(store.delete(List.of("k")).get("k"))
                .hasMessageContaining("can't delete \"k\"")
                .extracting(StoreException::kind)
                .isEqualTo(Kind.UNAVAILABLE);
    }

    @Test
    void aSocketThatADeadDriverLeftIsNoDriver() throws Exception {
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
        }
        var store = store(HURRIED);

        assertFails(Kind.UNAVAILABLE, () -> store.read("k").close()).hasMessageContaining("refused");
    }

    @Test
    void whatSpeaksSomethingElseIsNoDriver() throws Exception {
        try (var listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(UnixDomainSocketAddress.of(socket));
            var _ = Thread.ofVirtual().start(() -> chat(listening));
            var store = store(HURRIED);

            assertFails(Kind.UNAVAILABLE, () -> store.read("k").close()).hasMessageContaining("does not speak gRPC");
        }
    }

    private static void chat(ServerSocketChannel listening) {
        while (listening.isOpen()) {
            try (var client = listening.accept()) {
                client.write(ByteBuffer.wrap("HTTP/1.1 200 OK\r\n\r\nhello".getBytes(UTF_8)));
            } catch (IOException e) {
                // this client has gone, or the test is over
            }
        }
    }

    @Test
    void aDriverThatComesLateIsWaitedForAndOneThatComesAgainIsFound() throws Exception {
        var store = store(PATIENT);
        var listing = CompletableFuture.supplyAsync(() -> keys(store));
        server = FolderDriver.serve(
                new Answering(ListObjectsResponse.newBuilder().addObjects("d/a").build()), socket);
        assertThat(listing.get()).containsExactly("d/a");

        server.shutdownNow().awaitTermination();
        Files.deleteIfExists(socket);
        server = FolderDriver.serve(
                new Answering(ListObjectsResponse.newBuilder().addObjects("d/b").build()), socket);
        assertThat(keys(store)).containsExactly("d/b");
    }

    private static List<String> keys(ArtifactStore store) {
        var keys = new ArrayList<String>();
        try {
            store.list("d/", object -> keys.add(object.key()));
        } catch (StoreException e) {
            throw new IllegalStateException(e);
        }
        return keys;
    }

    /** Answers what it was told, and nothing where it was told nothing. */
    private static final class Answering extends ArtifactServiceImplBase {
        private final @Nullable ListObjectsResponse list;

        Answering(@Nullable ListObjectsResponse list) {
            this.list = list;
        }

        @Override
        public void listObjects(ListObjectsRequest request, StreamObserver<ListObjectsResponse> answer) {
            if (list != null) {
                answer.onNext(list);
                answer.onCompleted();
            }
        }

        @Override
        public void openStream(OpenStreamRequest request, StreamObserver<OpenStreamResponse> answer) {
            answer.onNext(OpenStreamResponse.newBuilder()
                    .setData(ByteString.copyFromUtf8("begun"))
                    .build());
        }
    }

    @Test
    void aDriverThatFallsSilentIsLeft() throws Exception {
        var store = against(new Answering(null), HURRIED);

        assertFails(Kind.UNAVAILABLE, () -> store.page(PageRequest.of("d/")))
                .hasMessageContaining("did not answer in time");
        try (var content = store.read("k")) {
            assertThat(content.readNBytes(5)).isEqualTo("begun".getBytes(UTF_8));
            assertFails(Kind.UNAVAILABLE, content::read).hasMessageContaining("sent nothing for");
            assertFails(Kind.UNAVAILABLE, content::read); // it does not end well later
        }
    }

    /** Its content breaks off with these words. */
    private record Breaking(String words, @Nullable Status status) {
        ArtifactServiceImplBase driver() {
            return new ArtifactServiceImplBase() {
                @Override
                public void openStream(OpenStreamRequest request, StreamObserver<OpenStreamResponse> answer) {
                    answer.onNext(OpenStreamResponse.newBuilder()
                            .setData(ByteString.copyFromUtf8("begun"))
                            .build());
                    if (status != null) {
                        answer.onError(status.withDescription(words).asRuntimeException());
                        return;
                    }
                    answer.onNext(
                            OpenStreamResponse.newBuilder().setError(words).build());
                    answer.onCompleted();
                }
            };
        }
    }

    @Test
    void contentThatBreaksOffIsNotTakenForWhole() throws Exception {
        var store = against(new Breaking("connection reset by peer", null).driver(), PATIENT);

        try (var content = store.read("k")) {
            assertFails(Kind.UNAVAILABLE, content::readAllBytes).hasMessageContaining("connection reset by peer");
            assertFails(Kind.UNAVAILABLE, content::read);
        }
        assertFails(Kind.UNAVAILABLE, () -> store.head("k"));
    }

    @Test
    void aCallThatBreaksOffIsNotTakenForItsEnd() throws Exception {
        var store = against(new Breaking("disk on fire", Status.DATA_LOSS).driver(), PATIENT);

        try (var content = store.read("k")) {
            assertFails(Kind.REFUSED, content::readAllBytes).hasMessageContaining("disk on fire");
        }
    }

    @Test
    void whatADriverSaysIsCutAndKeepsNoConfiguration() throws Exception {
        var words = "bad \u001b[31m" + CONFIGURATION + "\r\nforged log line " + "x".repeat(100_000);
        var store = against(
                new ArtifactServiceImplBase() {
                    @Override
                    public void save(SaveArtifactRequest request, StreamObserver<SaveArtifactResponse> answer) {
                        answer.onNext(SaveArtifactResponse.newBuilder()
                                .setError(words)
                                .build());
                        answer.onCompleted();
                    }
                },
                PATIENT);

        assertFails(Kind.REFUSED, () -> store.put("k", new ByteArrayInputStream(new byte[1]), 1, null))
                .hasMessageContaining("can't save \"k\": bad [31m\u2026 forged log line xxx")
                .extracting(e -> String.valueOf(e.getMessage()).length())
                .satisfies(length -> assertThat(length).isLessThan(600));
    }

    @Test
    void aRefusalWithoutReasonIsARefusal() throws Exception {
        var store = against(
                new ArtifactServiceImplBase() {
                    @Override
                    public void delete(DeleteArtifactRequest request, StreamObserver<DeleteArtifactResponse> answer) {
                        answer.onNext(DeleteArtifactResponse.getDefaultInstance());
                        answer.onCompleted();
                    }
                },
                PATIENT);

        assertThat(store.delete(List.of("k")).get("k"))
                .hasMessage("artifact driver odd can't delete \"k\": the driver gives no reason");
        assertFails(Kind.REFUSED, () -> store.page(PageRequest.of("d/"))).hasMessageContaining("does not implement");
    }

    @Test
    void aPieceThatIsTooLargeIsNotTaken() throws Exception {
        var store = against(
                new ArtifactServiceImplBase() {
                    @Override
                    public void openStream(OpenStreamRequest request, StreamObserver<OpenStreamResponse> answer) {
                        answer.onNext(OpenStreamResponse.newBuilder()
                                .setData(ByteString.copyFrom(new byte[5 * 1024 * 1024]))
                                .build());
                        answer.onCompleted();
                    }
                },
                PATIENT);

        assertFails(Kind.REFUSED, () -> store.read("k").close()).hasMessageContaining("exceeds maximum size");
    }

    /** Can't stream. What it does at the path that it is told is the test's. */
    private record Loading(Loader loader) {
        interface Loader {
            void load(Path path) throws IOException;
        }

        ArtifactServiceImplBase driver() {
            return new ArtifactServiceImplBase() {
                @Override
                public void load(LoadArtifactRequest request, StreamObserver<LoadArtifactResponse> answer) {
                    var response = LoadArtifactResponse.newBuilder();
                    try {
                        loader.load(Path.of(request.getPath()));
                        response.setSuccess(true);
                    } catch (IOException e) {
                        response.setError(FolderDriver.words(e));
                    }
                    answer.onNext(response.build());
                    answer.onCompleted();
                }
            };
        }
    }

    @Test
    void aDriverThatCannotStreamLoads() throws Exception {
        var store = against(new Loading(path -> Files.writeString(path, "loaded")).driver(), PATIENT);

        try (var content = store.read("k")) {
            assertThat(content.readAllBytes()).isEqualTo("loaded".getBytes(UTF_8));
        }
        assertThat(store.head("k")).map(StoredObject::sizeBytes).contains(6L);
        assertThat(socket.resolveSibling("tiphys")).isEmptyDirectory();
    }

    @Test
    void whatIsLoadedMustBeAFileOfItsOwn() throws Exception {
        var secret = Files.writeString(dir.resolve("secret"), "of somebody else");
        var linking = against(new Loading(path -> Files.createSymbolicLink(path, secret)).driver(), PATIENT);

        assertFails(Kind.REFUSED, () -> linking.read("k").close()).hasMessageContaining("there is no file");
        assertThat(secret).exists();
        assertThat(socket.resolveSibling("tiphys")).isEmptyDirectory();
    }

    @Test
    void loadingNothingIsNoContent() throws Exception {
        var store = against(new Loading(_ -> {}).driver(), PATIENT);

        assertFails(Kind.REFUSED, () -> store.read("k").close()).hasMessageContaining("there is no file");
    }

    @Test
    void aLastPieceMayHaveContent() throws Exception {
        var store = against(
                new ArtifactServiceImplBase() {
                    @Override
                    public void openStream(OpenStreamRequest request, StreamObserver<OpenStreamResponse> answer) {
                        answer.onNext(OpenStreamResponse.getDefaultInstance());
                        answer.onNext(OpenStreamResponse.newBuilder()
                                .setData(ByteString.copyFromUtf8("all"))
                                .setIsEnd(true)
                                .build());
                    }
                },
                PATIENT);

        try (var content = store.read("k")) {
            assertThat(content.readAllBytes()).isEqualTo("all".getBytes(UTF_8));
        }
        assertThat(store.head("k")).map(StoredObject::sizeBytes).contains(3L);
    }

    @Test
    void aListHasKeysOfTheDirectoryOnly() throws Exception {
        var list = ListObjectsResponse.newBuilder()
                .addObjects("elsewhere/a")
                .addObjects("d/b")
                .addObjects("d/a")
                .addObjects("d/b")
                .addObjects("dd/a");
        assertThat(keys(against(new Answering(list.build()), PATIENT))).containsExactly("d/a", "d/b");
    }

    @ParameterizedTest
    @CsvSource({"d/../../etc/passwd", "d/..", "'d/a\nb'", "d/./a"})
    void aListThatLeadsOutOfTheDirectoryIsRefused(String key) throws Exception {
        var store = against(
                new Answering(ListObjectsResponse.newBuilder().addObjects(key).build()), PATIENT);

        assertFails(Kind.REFUSED, () -> store.page(PageRequest.of("d/"))).hasMessageContaining("is no key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            open /data/x: no such file or directory                             | NOT_FOUND
            The specified key does not exist.                                   | NOT_FOUND
            storage: object doesn't exist                                       | NOT_FOUND
            NoSuchKey                                                           | NOT_FOUND
            RESPONSE 404: 404 The specified blob does not exist. BlobNotFound   | NOT_FOUND
            secrets "my-minio-cred" not found                                   | REFUSED
            The specified bucket does not exist                                 | REFUSED
            NoSuchBucket                                                        | REFUSED
            dial tcp: lookup minio on 10.0.0.10:53: no such host                | REFUSED
            Access Denied                                                       | REFUSED
            dial tcp 10.0.0.1:9000: i/o timeout                                 | UNAVAILABLE
            read: connection reset by peer                                      | UNAVAILABLE
            503 Slow Down                                                       | UNAVAILABLE
            """)
    void wordsTellWhetherToTryAgain(String words, Kind kind) {
        assertThat(Complaint.of("x", words, "").kind()).isEqualTo(kind);
    }

    @Test
    void unknownDriversAreRefused() {
        var driver = new PluginDriver(List.of(new ArtifactDriver("odd", null, 0, socket.toString())));
        drivers.add(driver);
        var stores = new Stores(List.of(driver), (_, _, _) -> Optional.empty());

        assertThatThrownBy(() -> stores.locate("default", Map.of("plugin", Map.of("name", "other", "key", "k"))))
                .hasMessageContaining("artifact driver other not found; known: odd");
        assertThatThrownBy(() -> stores.locate("default", Map.of("plugin", Map.of("key", "k"))))
                .hasMessageContaining("lacks plugin.name");
    }
}
