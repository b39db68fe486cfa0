package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tiphys artifact verify}. */
@Command(
        name = "verify",
        description = {
            "Reads all artifacts of a workflow again and compares them with the sums that storage keeps.",
            "Exits with 1 if anything is missing or different."
        },
        mixinStandardHelpOptions = true)
final class ArtifactVerifyCommand extends ServerCommand {
    /** Of one artifact; the server answers when it has read all of it. */
    private static final Duration LONGEST = Duration.ofHours(6);

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "The workflow, live or archived; @latest is the newest.")
    private String name = "";

    ArtifactVerifyCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        WorkflowView workflow = workflow(name);
        Table table = new Table(terminal());
        table.header("NODE", "ARTIFACT", "OBJECTS", "BYTES", "STATE");
        boolean good = true;
        for (JsonNode node : workflow.json().path("status").path("nodes")) {
            if (!node.path("type").asText().equals("Pod")) {
                continue; // the outputs of others repeat those of pods
            }
            for (JsonNode artifact : node.path("outputs").path("artifacts")) {
                if (!artifact.path("deleted").asBoolean(false)) {
                    good &= check(workflow, node, artifact, table);
                }
            }
        }
        table.lines().forEach(terminal()::line);
        return good ? ExitCode.SUCCEEDED : ExitCode.ARTIFACT_DAMAGED;
    }

    private boolean check(WorkflowView workflow, JsonNode node, JsonNode artifact, Table table) {
        String id = node.path("id").asText();
        String of = artifact.path("name").asText();
        String path = "/artifact-checks/"
                + ArgoServer.path(namespace(), workflow.name(), id, of).substring("/api/v1/".length());
        JsonNode report = server().get(path, LONGEST);
        boolean good = report.path("problems").isEmpty();
        Table.Cell state = good ? Table.Cell.of(goodState(report)) : new Table.Cell("bad", Terminal.Style.RED);
        table.row(
                Table.Cell.of(id),
                Table.Cell.of(of),
                Table.Cell.of(report.path("objects").asText()),
                Table.Cell.of(report.path("sizeBytes").asText()),
                state);
        for (JsonNode problem : report.path("problems")) {
            terminal()
                    .note(problem.path("key").asText() + " "
                            + problem.path("message").asText());
        }
        return good;
    }

    private static String goodState(JsonNode report) {
        long withoutSum = report.path("withoutSum").asLong();
        return withoutSum == 0 ? "good" : "good (only the length of " + withoutSum + " could be compared)";
    }
}
