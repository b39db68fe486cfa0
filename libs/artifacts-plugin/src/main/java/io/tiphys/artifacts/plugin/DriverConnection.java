package io.tiphys.artifacts.plugin;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import io.tiphys.artifacts.plugin.wire.Artifact;
import io.tiphys.artifacts.plugin.wire.ArtifactServiceGrpc;
import io.tiphys.artifacts.plugin.wire.ArtifactServiceGrpc.ArtifactServiceBlockingV2Stub;
import io.tiphys.artifacts.plugin.wire.OpenStreamRequest;
import io.tiphys.artifacts.plugin.wire.OpenStreamResponse;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The way to one driver. Connects when it is first wanted and again when the driver was away; a call waits for that no longer than its
 * location says. What the driver sends is bounded: a piece of content as Argo bounds it, a list by what 200,000 long keys take.
 */
final class DriverConnection implements AutoCloseable {
    private static final int LARGEST_PIECE = 4 * 1024 * 1024;
    private static final int LARGEST_LIST = 64 * 1024 * 1024;
    /** Between two looks at a driver that isn't there yet. */
    private static final long PAUSE_MILLIS = 50;

    private final String driver;
    private final Path socket;
    private final Patience patience;
    private final ManagedChannel channel;
    private final SharedFolder folder;

    DriverConnection(String driver, Path socket, Patience patience, EventLoopGroup loops) {
        this.driver = driver;
        this.socket = socket;
        this.patience = patience;
        this.folder = new SharedFolder(socket.resolveSibling("tiphys"));
        this.channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .eventLoopGroup(loops)
                .overrideAuthority("localhost") // as other clients have it on such sockets
                .usePlaintext()
                .proxyDetector(_ -> null)
                .disableRetry()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    String driver() {
        return driver;
    }

    Patience patience() {
        return patience;
    }

    /** Where the driver finds files of ours, under the same path. */
    SharedFolder folder() {
        return folder;
    }

    /** One question that the stub is asked. */
    interface Question<A> {
        A ask(ArtifactServiceBlockingV2Stub stub) throws StatusException;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param what is asked, for the message: {@code "artifact driver x can't delete KEY"}
     * @param answer how long it may take when it is connected
     */
    <A> A ask(String what, Artifact artifact, Duration answer, Question<A> question) throws StoreException {
        await(what, artifact);
        try {
            return question.ask(ArtifactServiceGrpc.newBlockingV2Stub(channel)
                    .withMaxInboundMessageSize(LARGEST_LIST)
                    .withDeadlineAfter(answer));
        } catch (StatusException e) {
            throw Complaint.of(what, e, artifact.getPlugin().getConfiguration());
        }
    }

    /** Begins to read; the first piece has come, or there is none. */
    DriverStream open(String what, Artifact artifact) throws StoreException {
        await(what, artifact);
        BlockingClientCall<?, OpenStreamResponse> call = ArtifactServiceGrpc.newBlockingV2Stub(channel)
                .withMaxInboundMessageSize(LARGEST_PIECE)
                .openStream(OpenStreamRequest.newBuilder().setArtifact(artifact).build());
        return new DriverStream(
                what, call, patience.silence(), artifact.getPlugin().getConfiguration());
    }

    /** Connects, if it isn't. */
    void await(String what, Artifact artifact) throws StoreException {
        Duration within = patience.connect(artifact.getPlugin().getConnectionTimeoutSeconds());
        long until = System.nanoTime() + within.toNanos();
        try {
            for (ConnectivityState state = channel.getState(true);
                    state != ConnectivityState.READY;
                    state = channel.getState(true)) {
                long left = until - System.nanoTime();
                if (state == ConnectivityState.SHUTDOWN) {
                    throw new StoreException(Kind.UNAVAILABLE, what + ": this service is ending");
                }
                if (left <= 0) {
                    throw new StoreException(
                            Kind.UNAVAILABLE,
                            what + ": no connection to " + socket + " within " + within.toSeconds() + " s: " + why());
                }
                if (state == ConnectivityState.TRANSIENT_FAILURE) {
                    TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS)));
                    channel.resetConnectBackoff();
                } else {
                    CountDownLatch changed = new CountDownLatch(1);
                    channel.notifyWhenStateChanged(state, changed::countDown);
                    var _ = changed.await(left, TimeUnit.NANOSECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(Kind.UNAVAILABLE, what + ": interrupted", e);
        }
    }

    /** What is seen of a driver that gives no connection. */
    private String why() {
        if (!Files.exists(socket)) {
            return "there is no such socket; the driver must run beside this service and share the folder with it";
        }
        try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return probe.isConnected() ? "what listens there does not speak gRPC, or not yet" : "not connected";
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
