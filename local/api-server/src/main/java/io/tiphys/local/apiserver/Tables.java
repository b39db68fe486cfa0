package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Rows and columns as {@code kubectl get} prints them ({@code meta.k8s.io/v1 Table}). */
final class Tables {
    private record Column(String name, String type, int priority, Function<JsonNode, String> cell) {
        static Column of(String name, Function<JsonNode, String> cell) {
            return new Column(name, "string", 0, cell);
        }

        static Column wide(String name, Function<JsonNode, String> cell) {
            return new Column(name, "string", 1, cell);
        }

        static Column at(String name, String path) {
            return of(name, object -> textAt(object, path));
        }
    }

    private static final Column AGE = Column.of("Age", object -> age(textAt(object, ".metadata.creationTimestamp")));

    private Tables() {}

    static ObjectNode render(
            ResourceType type, List<StoredObject> objects, ObjectNode listMetadata, String includeObject) {
        List<Column> columns = columns(type);
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.set("metadata", listMetadata);
        ArrayNode definitions = table.putArray("columnDefinitions");
        definitions
                .addObject()
                .put("name", "Name")
                .put("type", "string")
                .put("format", "name")
                .put("description", "")
                .put("priority", 0);
        for (Column column : columns) {
            definitions
                    .addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("format", "")
                    .put("description", "")
                    .put("priority", column.priority());
        }
        ArrayNode rows = table.putArray("rows");
        for (StoredObject stored : objects) {
            ObjectNode object = stored.toNode();
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells").add(stored.name());
            columns.forEach(column -> cells.add(column.cell().apply(object)));
            switch (includeObject) {
                case "None" -> {}
                case "Object" -> row.set("object", object);
                default -> {
                    ObjectNode partial = row.putObject("object")
                            .put("kind", "PartialObjectMetadata")
                            .put("apiVersion", "meta.k8s.io/v1");
                    partial.set("metadata", object.get("metadata"));
                }
            }
        }
        return table;
    }

    private static List<Column> columns(ResourceType type) {
        if (!type.columns().isEmpty()) {
            return type.columns().stream().map(Tables::declared).toList();
        }
        List<Column> columns = new ArrayList<>(builtIn(type));
        if (!type.is("", "events")) {
            int wide = 0;
            while (wide < columns.size() && columns.get(wide).priority() == 0) {
                wide++;
            }
            columns.add(wide, AGE);
        }
        return columns;
    }

    private static Column declared(PrinterColumn column) {
        Function<JsonNode, String> cell = column.type().equals("date")
                ? object -> age(textAt(object, column.jsonPath()))
                : object -> textAt(object, column.jsonPath());
        return new Column(column.name(), "string", column.priority(), cell);
    }

    private static List<Column> builtIn(ResourceType type) {
        return switch (type.qualifiedPlural()) {
            case "pods" ->
                List.of(
                        Column.of("Ready", PodSummary::ready),
                        Column.of("Status", PodSummary::status),
                        Column.of("Restarts", PodSummary::restarts),
                        Column.wide("IP", object -> orNone(textAt(object, ".status.podIP"))),
                        Column.wide("Node", object -> orNone(textAt(object, ".spec.nodeName"))));
            case "namespaces" -> List.of(Column.at("Status", ".status.phase"));
            case "nodes" ->
                List.of(
                        Column.of("Status", Tables::nodeReady),
                        Column.of("Roles", _ -> "<none>"),
                        Column.wide("Version", object -> textAt(object, ".status.nodeInfo.kubeletVersion")));
            case "configmaps" -> List.of(Column.of("Data", Tables::dataCount));
            case "secrets" -> List.of(Column.at("Type", ".type"), Column.of("Data", Tables::dataCount));
            case "services" -> List.of(Column.at("Type", ".spec.type"), Column.at("Cluster-IP", ".spec.clusterIP"));
            case "persistentvolumeclaims" ->
                List.of(Column.at("Status", ".status.phase"), Column.at("Capacity", ".status.capacity.storage"));
            case "leases.coordination.k8s.io" -> List.of(Column.at("Holder", ".spec.holderIdentity"));
            case "deployments.apps" ->
                List.of(Column.of(
                        "Ready",
                        object -> object.path("status").path("readyReplicas").asInt(0) + "/"
                                + object.path("spec").path("replicas").asInt(1)));
            case "events" ->
                List.of(
                        Column.of("Last Seen", object -> age(lastSeen(object))),
                        Column.at("Type", ".type"),
                        Column.at("Reason", ".reason"),
                        Column.of("Object", Tables::involved),
                        Column.at("Message", ".message"));
            default -> List.of();
        };
    }

    private static String dataCount(JsonNode object) {
        return Integer.toString(
                object.path("data").size() + object.path("binaryData").size());
    }

    private static String nodeReady(JsonNode node) {
        for (JsonNode condition : node.path("status").path("conditions")) {
            if ("Ready".equals(Json.text(condition, "type"))) {
                return "True".equals(Json.text(condition, "status")) ? "Ready" : "NotReady";
            }
        }
        return "Unknown";
    }

    private static String involved(JsonNode event) {
        JsonNode object = event.path("involvedObject");
        return Json.text("", object, "kind").toLowerCase(Locale.ROOT) + "/" + Json.text("", object, "name");
    }

    private static String lastSeen(JsonNode event) {
        for (String field : List.of("lastTimestamp", "eventTime", "firstTimestamp")) {
            String time = Json.text("", event, field);
            if (!time.isEmpty()) {
                return time;
            }
        }
        return textAt(event, ".metadata.creationTimestamp");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    /** What a simple path such as {@code .status.phase} leads to; empty when it leads nowhere. */
    static String textAt(JsonNode object, String path) {
        JsonNode at = object;
        for (String step : path.split("\\.", -1)) {
            if (!step.isEmpty()) {
                at = at.path(step);
            }
        }
        return at.isMissingNode() || at.isNull() ? "" : at.isContainerNode() ? at.toString() : at.asText();
    }

    /** The time since then, as kubectl rounds it: {@code 45s}, {@code 5m10s}, {@code 3h}, {@code 12d}. */
    static String age(String timestamp) {
        if (timestamp.isEmpty()) {
            return "<none>";
        }
        try {
            return age(Duration.between(Instant.parse(timestamp), Instant.now()));
        } catch (DateTimeParseException _) {
            return "<invalid>";
        }
    }

    private static String age(Duration since) {
        long seconds = Math.max(0, since.toSeconds());
        if (seconds < 120) {
            return seconds + "s";
        }
        if (seconds < 600) {
            return since.toMinutes() + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
        }
        if (since.toHours() < 3) {
            return since.toMinutes() + "m";
        }
        if (since.toHours() < 8) {
            return since.toHours() + "h" + (since.toMinutesPart() == 0 ? "" : since.toMinutesPart() + "m");
        }
        return since.toHours() < 48 ? since.toHours() + "h" : since.toDays() + "d";
    }
}
