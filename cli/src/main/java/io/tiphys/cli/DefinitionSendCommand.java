package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys template|cluster-template|cron create} and {@code update}. */
@Command(description = "Creates, or replaces, what is in manifest files.", mixinStandardHelpOptions = true)
final class DefinitionSendCommand extends ServerCommand {
    private final ArgoKind kind;
    private final boolean replaces;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Manifest files; - is standard input.")
    private List<String> files = List.of();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json or yaml.")
    private @Nullable Output output;

    DefinitionSendCommand(Session session, ArgoKind kind, boolean replaces) {
        super(session);
        this.kind = kind;
        this.replaces = replaces;
    }

    @Override
    public Integer call() {
        for (ManifestFiles.Source source : new ManifestFiles(session().input()).read(files)) {
            for (Manifest manifest : source.documents()) {
                ArgoKind found = ArgoKind.of(manifest.kind(), source.name());
                if (found != kind || !(manifest.tree() instanceof ObjectNode object)) {
                    throw CommandFailure.invalid(source.name() + ": is a " + manifest.kind() + ", not a " + kind.kind()
                            + "; \"tiphys submit\" takes all kinds");
                }
                JsonNode answer =
                        send(namespace(object.path("metadata").path("namespace").asText("")), object.deepCopy());
                String name = answer.path("metadata").path("name").asText();
                terminal()
                        .line(
                                output == null || output == Output.WIDE
                                        ? kind.label(name) + (replaces ? " updated" : " created")
                                        : output.show(answer));
            }
        }
        return ExitCode.SUCCEEDED;
    }

    private JsonNode send(String namespace, ObjectNode object) {
        if (!replaces) {
            return server().post(kind.path(namespace), kind.request(namespace, object));
        }
        String name = object.path("metadata").path("name").asText("");
        String path = kind.path(namespace, name);
        ManifestFiles.object(object, "metadata")
                .set(
                        "resourceVersion",
                        server().get(path, Map.of()).path("metadata").path("resourceVersion"));
        return server().put(path, kind.request(namespace, object).put("name", name));
    }
}
