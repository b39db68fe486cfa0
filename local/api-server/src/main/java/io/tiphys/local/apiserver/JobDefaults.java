package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/** What a Job has where it says nothing, and the labels by which it knows its pods (Kubernetes: pkg/registry/batch/job, apis/batch/v1). */
final class JobDefaults {
    private static final Set<String> RESTARTS = Set.of("Never", "OnFailure");

    private JobDefaults() {}

    /** Checks and completes a Job, of which name and uid are known. */
    static void complete(ResourceType type, ObjectNode job) {
        String name = Json.text("", job, "metadata", "name");
        ObjectNode spec = Json.child(job, "spec");
        ObjectNode template = Json.child(spec, "template");
        ObjectNode pod = Json.child(template, "spec");
        if (pod.path("containers").isEmpty()) {
            throw ApiException.invalid(type, name, "spec.template.spec.containers: Required value");
        }
        String restarts = Json.text("", pod, "restartPolicy");
        if (!RESTARTS.contains(restarts)) {
            throw ApiException.invalid(
                    type,
                    name,
                    "spec.template.spec.restartPolicy: Required value: valid values: \"OnFailure\", \"Never\"");
        }
        if (!spec.hasNonNull("parallelism")) {
            spec.put("parallelism", 1);
            if (!spec.hasNonNull("completions")) {
                spec.put("completions", 1);
            }
        }
        setIfAbsent(spec, "backoffLimit", spec.hasNonNull("backoffLimitPerIndex") ? Integer.MAX_VALUE : 6);
        setIfAbsent(spec, "completionMode", "NonIndexed");
        setIfAbsent(
                spec, "podReplacementPolicy", spec.hasNonNull("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
        if (!spec.has("suspend")) {
            spec.put("suspend", false);
        }
        if (spec.path("completionMode").asText().equals("Indexed") && !spec.hasNonNull("completions")) {
            throw ApiException.invalid(type, name, "spec.completions: Required value: when completion mode is Indexed");
        }
        if (!spec.path("manualSelector").asBoolean(false)) {
            label(spec, template, Json.text("", job, "metadata", "uid"), name);
        }
    }

    private static void label(ObjectNode spec, ObjectNode template, String uid, String name) {
        ObjectNode labels = Json.child(Json.child(template, "metadata"), "labels");
        for (String prefix : new String[] {"batch.kubernetes.io/", ""}) {
            labels.put(prefix + "controller-uid", uid).put(prefix + "job-name", name);
        }
        Json.child(Json.child(spec, "selector"), "matchLabels").put("batch.kubernetes.io/controller-uid", uid);
    }

    private static void setIfAbsent(ObjectNode spec, String field, int value) {
        if (!spec.hasNonNull(field)) {
            spec.put(field, value);
        }
    }

    private static void setIfAbsent(ObjectNode spec, String field, String value) {
        JsonNode present = spec.path(field);
        if (present.isMissingNode() || present.isNull()) {
            spec.put(field, value);
        }
    }
}
