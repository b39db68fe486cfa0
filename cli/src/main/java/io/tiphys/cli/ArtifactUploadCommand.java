package io.tiphys.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys artifact upload}. */
@Command(
        name = "upload",
        description = {
            "Brings a file into object storage for an argument artifact of a workflow template.",
            "Prints NAME=KEY, for: tiphys submit --from workflowtemplate/TEMPLATE --artifact NAME=KEY"
        },
        mixinStandardHelpOptions = true)
final class ArtifactUploadCommand extends ServerCommand {
    @Parameters(index = "0", paramLabel = "TEMPLATE", description = "The workflow template.")
    private String template = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "The artifact, one of the template's spec.arguments.")
    private String artifact = "";

    @Parameters(index = "2", paramLabel = "FILE", description = "The file, of any size.")
    private Path file = Path.of("");

    ArtifactUploadCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        if (!Files.isRegularFile(file)) {
            throw CommandFailure.invalid(file + " is no file");
        }
        String path = "/upload-artifacts/"
                + ArgoServer.path(namespace(), template, artifact).substring("/api/v1/".length());
        terminal().line(artifact + "=" + server().upload(path, file).path("key").asText());
        return ExitCode.SUCCEEDED;
    }
}
