package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys cp}. */
@Command(
        name = "cp",
        description = {
            "Copies the output artifacts of a workflow to DIR/NODE/ARTIFACT/FILE.",
            "A copy that broke off goes on where it was when the command is given again."
        },
        mixinStandardHelpOptions = true)
final class CopyCommand extends ServerCommand {
    @Parameters(index = "0", paramLabel = "NAME", description = "The workflow; @latest is the newest.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "DIR", description = "Where to; it is made if need be.")
    private Path directory = Path.of(".");

    @Option(names = "--artifact-name", paramLabel = "NAME", description = "Only artifacts of this name.")
    private @Nullable String artifactName;

    @Option(names = "--template-name", paramLabel = "NAME", description = "Only of nodes of this template.")
    private @Nullable String templateName;

    @Option(names = "--node-id", paramLabel = "ID", description = "Only of this node.")
    private @Nullable String nodeId;

    /** An artifact and where it goes. */
    private record Copy(NodeView node, String artifact, String file) {}

    CopyCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        WorkflowView workflow = workflow(name);
        List<Copy> copies = copies(workflow);
        if (copies.isEmpty()) {
            throw CommandFailure.invalid("workflow " + workflow.name() + " has no such output artifacts");
        }
        for (Copy copy : copies) {
            Path file = directory
                    .resolve(safe(copy.node().displayName()))
                    .resolve(safe(copy.artifact()))
                    .resolve(safe(copy.file()));
            String path = "/artifacts/"
                    + ArgoServer.path(namespace(), workflow.name(), copy.node().id(), copy.artifact())
                            .substring("/api/v1/".length());
            download(path, file);
            terminal().line(file.toString());
        }
        return ExitCode.SUCCEEDED;
    }

    private List<Copy> copies(WorkflowView workflow) {
        List<Copy> copies = new ArrayList<>();
        for (NodeView node : workflow.nodes().values()) {
            boolean wanted = (nodeId == null || nodeId.equals(node.id()))
                    && (templateName == null || templateName.equals(node.template()));
            if (!wanted || (!node.isPod() && nodeId == null)) {
                continue;
            }
            for (JsonNode artifact : node.outputArtifacts()) {
                String artifactsName = artifact.path("name").asText("");
                if ((artifactName == null || artifactName.equals(artifactsName))
                        && !artifact.path("deleted").asBoolean(false)) {
                    copies.add(new Copy(node, artifactsName, fileName(artifact, artifactsName)));
                }
            }
        }
        return copies;
    }

    /** The last part of the artifact's key, whichever store it is in. */
    private static String fileName(JsonNode artifact, String otherwise) {
        for (Map.Entry<String, JsonNode> field : artifact.properties()) {
            String key = field.getValue().path("key").asText("");
            String last = key.substring(key.lastIndexOf('/') + 1);
            if (!last.isEmpty()) {
                return last;
            }
        }
        return otherwise;
    }

    /** A name that stays inside its directory. */
    private static String safe(String name) {
        String harmless = name.replaceAll("[/\\\\\\p{Cntrl}]", "_");
        return harmless.isEmpty() || harmless.equals(".") || harmless.equals("..") ? "_" : harmless;
    }

    private void download(String path, Path file) {
        try {
            new ResumedDownload(server(), path, file, new ProgressLine(terminal(), file.toString())).run();
        } catch (IOException e) {
            throw CommandFailure.invalid("can't write " + file + ": " + e);
        }
    }
}
