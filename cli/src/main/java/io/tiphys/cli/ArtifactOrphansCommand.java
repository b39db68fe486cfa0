package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tiphys artifact orphans}. */
@Command(
        name = "orphans",
        description = {
            "Lists what no workflow knows, neither a live one nor one in the archive: objects in the namespace's artifact",
            "repository, and multipart uploads that nobody goes on with. Deletes nothing without --delete."
        },
        mixinStandardHelpOptions = true)
final class ArtifactOrphansCommand extends ServerCommand {
    @Option(
            names = "--prefix",
            paramLabel = "PREFIX",
            description =
                    "Keys that begin so, whatever their form; without it only those of the repository's key format.")
    private @Nullable String prefix;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "24h",
            description = "Nothing younger (default: ${DEFAULT-VALUE}; at least 1h with --delete).")
    private String olderThan = "24h";

    @Option(names = "--delete", description = "Deletes them.")
    private boolean delete;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "name, json or yaml.")
    private @Nullable Output output;

    private final ObjectNode all = Json.object();
    private long objects;
    private long bytes;
    private long uploads;
    private long failed;

    ArtifactOrphansCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        Map<String, String> query = new LinkedHashMap<>();
        query.put(
                "olderThanSeconds",
                "" + AgeAndName.span("--older-than", olderThan).toSeconds());
        if (prefix != null) {
            query.put("prefix", prefix);
        }
        ArrayNode items = all.putArray("items");
        boolean whole = output == Output.JSON || output == Output.YAML;
        String path = "/artifact-orphans/" + namespace() + (delete ? "/delete" : "");
        JsonNode last = server().lines(delete ? "POST" : "GET", path, query, line -> {
            count(line);
            if (whole) {
                items.add(line);
            } else {
                terminal().line(output == Output.NAME ? line.path("key").asText() : show(line));
            }
        });
        if (last.has("error")) {
            throw CommandFailure.invalid(last.path("error").asText());
        }
        if (whole && output != null) {
            all.set("total", last.path("total"));
            terminal().line(output.show(all));
        }
        terminal().note(summary(last.path("total")));
        return failed == 0 ? ExitCode.SUCCEEDED : ExitCode.ARTIFACT_DAMAGED;
    }

    private void count(JsonNode line) {
        if (line.has("uploadId")) {
            uploads++;
        } else {
            objects++;
            bytes += line.path("sizeBytes").asLong();
        }
        failed += line.has("error") ? 1 : 0;
    }

    private static String show(JsonNode line) {
        String what = line.has("uploadId")
                ? "upload " + line.path("uploadId").asText() + " begun "
                        + line.path("begun").asText()
                : line.path("sizeBytes").asText() + " bytes of "
                        + line.path("modified").asText();
        String became = line.has("error")
                ? "  could not be deleted: " + line.path("error").asText()
                : line.path("deleted").asBoolean() ? "  deleted" : "";
        return line.path("key").asText() + "  (" + what + ")" + became;
    }

    private String summary(JsonNode total) {
        String of = delete ? (failed == 0 ? " deleted" : " found, " + failed + " not deleted") : "";
        return "%d objects (%d bytes) and %d uploads%s, of %d and %d in %s/%s"
                .formatted(
                        objects,
                        bytes,
                        uploads,
                        of,
                        total.path("objectsSeen").asLong(),
                        total.path("uploadsSeen").asLong(),
                        total.path("store").asText(),
                        total.path("prefix").asText());
    }
}
