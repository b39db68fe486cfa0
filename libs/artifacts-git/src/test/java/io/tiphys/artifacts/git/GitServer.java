package io.tiphys.artifacts.git;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.keyprovider.SimpleGeneratorHostKeyProvider;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;

/** Serves the repositories of a folder, over smart HTTP to a user with a password and over ssh to the owner of a key. */
final class GitServer implements AutoCloseable {
    private final Path root;
    private final HttpServer http;
    private final SshServer ssh;
    volatile String authorization = "";

    GitServer(Path root, @Nullable PublicKey known) throws IOException {
        this.root = root;
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", this::answer);
        http.start();
        ssh = SshServer.setUpDefaultServer();
        ssh.setHost("127.0.0.1");
        ssh.setPort(0);
        ssh.setKeyPairProvider(new SimpleGeneratorHostKeyProvider());
        ssh.setPublickeyAuthenticator((_, key, _) -> key.equals(known));
        ssh.setCommandFactory((_, command) -> new UploadPackCommand(command));
        ssh.start();
    }

    String http(String repository) {
        return "http://127.0.0.1:" + http.getAddress().getPort() + "/" + repository;
    }

    String ssh(String repository) {
        return "ssh://git@127.0.0.1:" + ssh.getPort() + "/" + repository;
    }

    void admitOnly(String user, String password) {
        authorization =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var given = exchange.getRequestHeaders().getFirst("Authorization");
            if (!authorization.isEmpty() && !authorization.equals(given)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            var path = exchange.getRequestURI().getPath();
            boolean advertise = path.endsWith("/info/refs");
            var dir = root.resolve(path.substring(1).replaceFirst("/(info/refs|git-upload-pack)$", ""));
            if (!dir.toFile().isDirectory()) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            advertise
                                    ? "application/x-git-upload-pack-advertisement"
                                    : "application/x-git-upload-pack-result");
            exchange.sendResponseHeaders(200, 0);
            try (var git = Git.open(dir.toFile())) {
                var pack = upload(git.getRepository());
                pack.setBiDirectionalPipe(false);
                var out = exchange.getResponseBody();
                if (advertise) {
                    var lines = new PacketLineOut(out);
                    lines.writeString("# service=git-upload-pack\n");
                    lines.end();
                    pack.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
                } else {
                    var body = exchange.getRequestBody();
                    boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
                    pack.upload(zipped ? new java.util.zip.GZIPInputStream(body) : body, out, null);
                }
            }
        }
    }

    private static UploadPack upload(Repository repository) {
        var pack = new UploadPack(repository);
        pack.setRequestPolicy(UploadPack.RequestPolicy.ANY);
        return pack;
    }

    /** {@code git-upload-pack '/repository'}. */
    private final class UploadPackCommand implements Command {
        private final String repository;
        private InputStream in = InputStream.nullInputStream();
        private OutputStream out = OutputStream.nullOutputStream();
        private OutputStream err = OutputStream.nullOutputStream();
        private ExitCallback exit = (_, _, _) -> {};

        UploadPackCommand(String line) {
            this.repository = List.of(line.split("'", -1)).get(1).substring(1);
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {
            err = stream;
        }

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void start(ChannelSession channel, Environment environment) {
            Thread.ofVirtual().start(() -> {
                try (var git = Git.open(root.resolve(repository).toFile())) {
                    upload(git.getRepository()).upload(in, out, err);
                    exit.onExit(0);
                } catch (IOException e) {
                    exit.onExit(1, e.getMessage());
                }
            });
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }

    @Override
    public void close() throws IOException {
        http.stop(0);
        ssh.stop(true);
    }
}
