package io.tiphys.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that speaks to the server that {@code tiphys} was told. */
abstract class ServerCommand implements Callable<Integer> {
    private static final String LATEST = "@latest";

    private final Session session;

    @Spec
    private @Nullable CommandSpec spec;

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

    /** What the options before and after the command's name say, however deep it stands. */
    private Target.Wishes wishes() {
        return spec != null && spec.root().userObject() instanceof Tiphys tiphys
                ? tiphys.wishes()
                : new Target.Wishes(null, null, null, null);
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
        return wishes().namespace() == null && !ofObject.isEmpty() ? ofObject : namespace();
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
