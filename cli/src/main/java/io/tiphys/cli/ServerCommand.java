package io.tiphys.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that speaks to a server, with the options that say which. */
abstract class ServerCommand implements Callable<Integer> {
    private static final String LATEST = "@latest";

    private final Session session;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            description = "The local instance's directory (default: $TIPHYS_HOME or ~/.tiphys).")
    private @Nullable Path home;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The server's URL instead of a local instance (default: $ARGO_SERVER).")
    private @Nullable String server;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Token of the caller (default: $ARGO_TOKEN).")
    private @Nullable String token;

    @Option(
            names = {"-n", "--namespace"},
            paramLabel = "NS",
            description = "Namespace (default: $ARGO_NAMESPACE, or the instance's).")
    private @Nullable String namespace;

    private @Nullable ArgoServer connected;

    ServerCommand(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }

    Terminal terminal() {
        return session.terminal();
    }

    /** Whether the command line or the environment names a server or a namespace of an instance. */
    Target.Wishes wishes() {
        return new Target.Wishes(home, server, token, namespace);
    }

    ArgoServer server() {
        if (connected == null) {
            connected = new ArgoServer(Target.find(wishes(), session.environment()));
        }
        return connected;
    }

    String namespace() {
        return server().target().namespace();
    }

    /** The namespace that was asked for, else the object's, else the default one. */
    String namespace(String ofObject) {
        return namespace == null && !ofObject.isEmpty() ? ofObject : namespace();
    }

    WorkflowView workflow(String name) {
        return new WorkflowView(server().get(ArgoServer.path("workflows", namespace(), name), Map.of()));
    }

    /** The name itself, or of the newest workflow where {@code @latest} is asked for. */
    String resolve(String name) {
        if (!name.equals(LATEST)) {
            return name;
        }
        return new WorkflowView(server().get(
                                ArgoServer.path("workflows", namespace(), name), Map.of("fields", "metadata.name")))
                .name();
    }
}
