package io.tiphys.artifacts.plugin;

import com.google.protobuf.ByteString;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.tiphys.artifacts.plugin.wire.Artifact;
import io.tiphys.artifacts.plugin.wire.ArtifactServiceGrpc.ArtifactServiceImplBase;
import io.tiphys.artifacts.plugin.wire.DeleteArtifactRequest;
import io.tiphys.artifacts.plugin.wire.DeleteArtifactResponse;
import io.tiphys.artifacts.plugin.wire.IsDirectoryRequest;
import io.tiphys.artifacts.plugin.wire.IsDirectoryResponse;
import io.tiphys.artifacts.plugin.wire.ListObjectsRequest;
import io.tiphys.artifacts.plugin.wire.ListObjectsResponse;
import io.tiphys.artifacts.plugin.wire.LoadArtifactRequest;
import io.tiphys.artifacts.plugin.wire.LoadArtifactResponse;
import io.tiphys.artifacts.plugin.wire.OpenStreamRequest;
import io.tiphys.artifacts.plugin.wire.OpenStreamResponse;
import io.tiphys.artifacts.plugin.wire.SaveArtifactRequest;
import io.tiphys.artifacts.plugin.wire.SaveArtifactResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A driver that keeps objects in a folder, as one for Argo would: {@code java … FolderDriver SOCKET}; the configuration is the folder. A
 * process of its own in tests of the real thing, a server in this one where a test wants it to misbehave.
 */
class FolderDriver extends ArtifactServiceImplBase {
    private static final int PIECE = 64 * 1024;

    public static void main(String[] args) throws Exception {
        var server = serve(new FolderDriver(), Path.of(args[0]));
        server.awaitTermination();
    }

    static Server serve(ArtifactServiceImplBase driver, Path socket) throws IOException {
        return NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .channelType(NioServerDomainSocketChannel.class)
                .bossEventLoopGroup(new NioEventLoopGroup(1))
                .workerEventLoopGroup(new NioEventLoopGroup(1))
                .addService(driver)
                .build()
                .start();
    }

    private static Path file(Artifact artifact) {
        var folder = Path.of(artifact.getPlugin().getConfiguration());
        return folder.resolve(artifact.getPlugin().getKey()).normalize();
    }

    @Override
    public void openStream(OpenStreamRequest request, StreamObserver<OpenStreamResponse> answers) {
        var calls = (ServerCallStreamObserver<OpenStreamResponse>) answers;
        try (InputStream in = Files.newInputStream(file(request.getArtifact()))) {
            var piece = new byte[PIECE];
            for (int n = in.read(piece); n >= 0 && !calls.isCancelled(); n = in.read(piece)) {
                answers.onNext(OpenStreamResponse.newBuilder()
                        .setData(ByteString.copyFrom(piece, 0, n))
                        .build());
            }
            answers.onNext(OpenStreamResponse.newBuilder().setIsEnd(true).build());
        } catch (IOException e) {
            answers.onNext(OpenStreamResponse.newBuilder().setError(words(e)).build());
        }
        answers.onCompleted();
    }

    static String words(IOException e) {
        return e instanceof NoSuchFileException
                ? "open " + e.getMessage() + ": no such file or directory"
                : String.valueOf(e.getMessage());
    }

    @Override
    public void load(LoadArtifactRequest request, StreamObserver<LoadArtifactResponse> answer) {
        var response = LoadArtifactResponse.newBuilder();
        try {
            Files.copy(file(request.getInputArtifact()), Path.of(request.getPath()));
            response.setSuccess(true);
        } catch (IOException e) {
            response.setError(words(e));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void save(SaveArtifactRequest request, StreamObserver<SaveArtifactResponse> answer) {
        var response = SaveArtifactResponse.newBuilder();
        try {
            var file = file(request.getOutputArtifact());
            Files.createDirectories(file.getParent());
            Files.copy(Path.of(request.getPath()), file, StandardCopyOption.REPLACE_EXISTING);
            response.setSuccess(true);
        } catch (IOException e) {
            response.setError(words(e));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void delete(DeleteArtifactRequest request, StreamObserver<DeleteArtifactResponse> answer) {
        var response = DeleteArtifactResponse.newBuilder();
        try {
            Path file = file(request.getArtifact());
            try (Stream<Path> below = Files.walk(file)) {
                for (Path each : below.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
            response.setSuccess(true);
        } catch (IOException e) {
            response.setError(words(e));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void listObjects(ListObjectsRequest request, StreamObserver<ListObjectsResponse> answer) {
        var response = ListObjectsResponse.newBuilder();
        var folder = Path.of(request.getArtifact().getPlugin().getConfiguration());
        try (Stream<Path> files = Files.walk(file(request.getArtifact()))) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            all.forEach(file -> response.addObjects(folder.relativize(file).toString()));
        } catch (IOException e) {
            response.setError(words(e));
        }
        answer.onNext(response.build());
        answer.onCompleted();
    }

    @Override
    public void isDirectory(IsDirectoryRequest request, StreamObserver<IsDirectoryResponse> answer) {
        answer.onNext(IsDirectoryResponse.newBuilder()
                .setIsDirectory(Files.isDirectory(file(request.getArtifact())))
                .build());
        answer.onCompleted();
    }
}
