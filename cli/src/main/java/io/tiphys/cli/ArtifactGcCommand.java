package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys artifact gc}. */
@Command(
        name = "gc",
        description = {
            "Lists the namespace's artifacts whose deletion was given up, with the last error.",
            "With --retry they are tried again; after the cause was mended."
        },
        mixinStandardHelpOptions = true)
final class ArtifactGcCommand extends ServerCommand {
    private static final int PAGE = 500;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "Only these to retry; none means all.")
    private List<Long> ids = List.of();

    @Option(names = "--retry", description = "Has them tried again.")
    private boolean retry;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "json or yaml.")
    private @Nullable Output output;

    ArtifactGcCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        String path = "/artifact-deletions/" + namespace();
        if (retry) {
            ObjectNode wanted = Json.object();
            ArrayNode named = wanted.putArray("ids");
            ids.forEach(named::add);
            long queued = server().post(path + "/retry", wanted).path("queued").asLong();
            terminal().line(queued + (queued == 1 ? " deletion is" : " deletions are") + " tried again");
            return ExitCode.SUCCEEDED;
        }
        if (!ids.isEmpty()) {
            throw CommandFailure.invalid("IDs say what to --retry");
        }
        List<JsonNode> dead = new ArrayList<>();
        JsonNode page;
        do {
            page = server().get(path, Map.of("limit", "" + PAGE, "continue", "" + dead.size()));
            page.path("items").forEach(dead::add);
        } while (page.path("more").asBoolean() && !page.path("items").isEmpty());
        if (output == Output.JSON || output == Output.YAML) {
            ObjectNode list = Json.object();
            list.putArray("items").addAll(dead);
            terminal().line(output.show(list));
        } else {
            table(dead);
        }
        return ExitCode.SUCCEEDED;
    }

    private void table(List<JsonNode> dead) {
        if (dead.isEmpty()) {
            terminal().note("No deletion was given up in namespace " + namespace() + ".");
            return;
        }
        Table table = new Table(terminal());
        table.header("ID", "WORKFLOW", "ARTIFACT", "KEY", "ATTEMPTS", "GIVEN UP", "REASON");
        for (JsonNode each : dead) {
            table.row(
                    Table.Cell.of(each.path("id").asText()),
                    Table.Cell.of(each.path("workflow").asText()),
                    Table.Cell.of(each.path("artifact").asText()),
                    Table.Cell.of(each.path("kind").asText() + "://"
                            + each.path("bucket").asText() + "/"
                            + each.path("key").asText()),
                    Table.Cell.of(each.path("attempts").asText()),
                    Table.Cell.of(each.path("deadAt").asText()),
                    Table.Cell.of(each.path("reason").asText("")));
        }
        table.lines().forEach(terminal()::line);
    }
}
