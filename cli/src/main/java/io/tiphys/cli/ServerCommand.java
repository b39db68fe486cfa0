package io.tiphys.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/** A command that speaks to the server that {@code tiphys} was told. */
abstract class ServerCommand implements Callable<Integer> {
    private static final String LATEST = "@latest";

    private final Session session;

    @ParentCommand
    private Tiphys tiphys = new Tiphys();

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

    ArgoServer server() {
        if (connected == null) {
            connected = new ArgoServer(Target.find(tiphys.wishes(), session.environment()));
        }
        return connected;
    }

    String namespace() {
        return server().target().namespace();
    }

    /** The namespace that was asked for, else the object's, else the default one. */
    String namespace(String ofObject) {
        return tiphys.wishes().namespace() == null && !ofObject.isEmpty() ? ofObject : namespace();
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
