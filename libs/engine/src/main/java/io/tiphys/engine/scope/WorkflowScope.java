package io.tiphys.engine.scope;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.tiphys.api.ApiJson;
import io.tiphys.api.NodePhase;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The variables that start with {@code workflow.}. */
public final class WorkflowScope implements Scope {
    private static final String PREFIX = "workflow.";

    private final Run run;
    private final Map<String, String> arguments = new LinkedHashMap<>();
    private final Set<String> beingRead = new HashSet<>();

    public WorkflowScope(Run run) {
        this.run = run;
    }

    /** The time of the observation that is being looked at; what is written down of it stays, so a replay comes out the same. */
    @Override
    public @Nullable Instant now() {
        return run.observedAt();
    }

    @Override
    public @Nullable Object get(String name) {
        if (!name.startsWith(PREFIX)) {
            return null;
        }
        String rest = name.substring(PREFIX.length());
        ObjectMeta meta = run.definition().workflow().getMetadata();
        return switch (rest) {
            case "name" -> meta.getName();
            case "namespace" -> meta.getNamespace();
            case "uid" -> meta.getUid();
            case "mainEntrypoint" -> run.definition().spec().entrypoint();
            case "serviceAccountName" -> {
                String account = run.definition().spec().serviceAccountName();
                yield account == null ? "" : account;
            }
            case "priority" -> {
                Integer priority = run.definition().spec().priority();
                yield priority == null ? null : priority.toString();
            }
            case "status" -> status();
            case "failures" -> Failures.of(run);
            case "duration" -> duration();
            case "parameters", "parameters.json" -> parametersJson();
            case "labels", "labels.json" -> json(sorted(meta.getLabels()));
            case "annotations", "annotations.json" -> json(sorted(meta.getAnnotations()));
            case "scheduledTime" -> sorted(meta.getAnnotations()).get("workflows.argoproj.io/scheduled-time");
            default -> byPrefix(rest, meta);
        };
    }

    private @Nullable Object byPrefix(String rest, ObjectMeta meta) {
        if (rest.startsWith("parameters.")) {
            return parameter(rest.substring("parameters.".length()));
        }
        if (rest.startsWith("labels.")) {
            return sorted(meta.getLabels()).get(rest.substring("labels.".length()));
        }
        if (rest.startsWith("annotations.")) {
            return sorted(meta.getAnnotations()).get(rest.substring("annotations.".length()));
        }
        if (rest.startsWith("outputs.parameters.")) {
            Parameter parameter = run.globalParameters().get(rest.substring("outputs.parameters.".length()));
            return parameter == null ? null : parameter.value();
        }
        if (rest.startsWith("outputs.artifacts.")) {
            return run.globalArtifacts().get(rest.substring("outputs.artifacts.".length()));
        }
        if (rest.equals("creationTimestamp") || rest.startsWith("creationTimestamp.")) {
            return creation(rest, meta.getCreationTimestamp());
        }
        return null;
    }

    /** Value of a workflow parameter, or null. */
    public @Nullable String parameter(String name) {
        String override = run.parameterOverrides().get(name);
        if (override != null) {
            return override;
        }
        String known = arguments.get(name);
        if (known == null && beingRead.add(name)) { // one that refers to itself has no value
            known = run.definition().argument(name, Map.of(), this);
            beingRead.remove(name);
            if (known != null) {
                arguments.put(name, known);
            }
        }
        return known;
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(List.of(
                "workflow.name", "workflow.namespace", "workflow.uid", "workflow.mainEntrypoint", "workflow.status"));
        for (Parameter parameter : run.definition().arguments().parameters()) {
            names.add("workflow.parameters." + parameter.name());
        }
        ObjectMeta meta = run.definition().workflow().getMetadata();
        sorted(meta.getLabels()).keySet().forEach(label -> names.add("workflow.labels." + label));
        sorted(meta.getAnnotations()).keySet().forEach(label -> names.add("workflow.annotations." + label));
        run.globalParameters().keySet().forEach(output -> names.add("workflow.outputs.parameters." + output));
        run.globalArtifacts().keySet().forEach(output -> names.add("workflow.outputs.artifacts." + output));
        return names;
    }

    /** The main part's status: what exit handlers and hooks see. */
    public String status() {
        Node entry = run.entry();
        NodePhase phase = entry == null ? NodePhase.RUNNING : entry.phase();
        return switch (phase) {
            case PENDING -> WorkflowPhase.PENDING.json();
            case RUNNING, UNKNOWN -> WorkflowPhase.RUNNING.json();
            case SUCCEEDED, SKIPPED, OMITTED -> WorkflowPhase.SUCCEEDED.json();
            case FAILED -> WorkflowPhase.FAILED.json();
            case ERROR -> WorkflowPhase.ERROR.json();
        };
    }

    private String duration() {
        Node entry = run.entry();
        long end = entry == null || entry.finishedAt() == 0 ? run.startedAt() : entry.finishedAt();
        return String.format(Locale.ROOT, "%.6f", (end - run.startedAt()) / 1000.0);
    }

    private String parametersJson() {
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter parameter : run.definition().arguments().parameters()) {
            parameters.add(parameter.withValue(parameter(parameter.name())));
        }
        return json(parameters);
    }

    private static @Nullable String creation(String name, @Nullable String timestamp) {
        if (timestamp == null) {
            return null;
        }
        Instant created;
        try {
            created = Instant.parse(timestamp);
        } catch (java.time.DateTimeException e) {
            return timestamp;
        }
        String format = name.equals("creationTimestamp") ? "" : name.substring("creationTimestamp.".length());
        return switch (format) {
            // Go prints time.Time with zone name and offset
            case "" ->
                DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT)
                        .withZone(ZoneOffset.UTC)
                        .format(created);
            case "RFC3339" -> DateTimeFormatter.ISO_INSTANT.format(created);
            case "s" -> Long.toString(created.getEpochSecond());
            default -> Strftime.format(format, created);
        };
    }

    private static Map<String, String> sorted(@Nullable Map<String, String> map) {
        return map == null ? Map.of() : new TreeMap<>(map);
    }

    private static String json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
