package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.WorkflowSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which workflows may run, Argo's {@code workflowRestrictions} (Argo: docs/workflow-restrictions.md, workflow/util/merge.go).
 *
 * @param templateReferencing whether a workflow must instantiate a template
 * @param userOverrides fields of the spec that such a workflow may set beyond those that it always may, by their YAML names (Argo's
 *     {@code WORKFLOW_USER_OVERRIDE_ALLOWLIST})
 */
public record Restrictions(TemplateReferencing templateReferencing, Set<String> userOverrides) {

    /** How templates are to be referred to. */
    public enum TemplateReferencing {
        /** Any workflow may run. */
        NONE,
        /** Only workflows with {@code workflowTemplateRef} may, and they may set only harmless fields. */
        STRICT,
        /** As {@link #STRICT}, and the spec may not change while the workflow runs. */
        SECURE
    }

    /** Nothing is forbidden. */
    public static final Restrictions NONE = new Restrictions(TemplateReferencing.NONE, Set.of());

    private static final String MUST_REFER =
            "workflows must use workflowTemplateRef to be executed when the controller is in reference mode";
    private static final String MAY_NOT_CHANGE =
            "WorkflowSpec may not change during execution when the controller is set `templateReferencing: Secure`";
    private static final Set<String> ALWAYS_ALLOWED = Set.of(
            "arguments",
            "entrypoint",
            "shutdown",
            "suspend",
            "activeDeadlineSeconds",
            "priority",
            "ttlStrategy",
            "podGC",
            "volumeClaimGC",
            "archiveLogs",
            "workflowMetadata",
            "workflowTemplateRef",
            "metrics",
            "artifactGC");
    private static final Set<String> NEVER_OF_ARTIFACT_GC = Set.of("podSpecPatch", "serviceAccountName", "podMetadata");

    /** Whose Go names are more than the YAML name with a capital: Argo's message has them. */
    private static final Map<String, String> GO_NAMES = Map.of("dnsPolicy", "DNSPolicy", "dnsConfig", "DNSConfig");

    public Restrictions {
        userOverrides = Set.copyOf(userOverrides);
        Set<String> unknown = new TreeSet<>(userOverrides);
        for (var field : WorkflowSpec.class.getRecordComponents()) {
            unknown.remove(field.getName());
        }
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("tiphys.workflow-restrictions.user-overrides names " + unknown
                    + ", which are no fields of a workflow's spec");
        }
    }

    /** Why a workflow with this spec, as its user wrote it, may not run; empty if it may. */
    Optional<String> refusal(WorkflowSpec own) {
        if (templateReferencing == TemplateReferencing.NONE) {
            return Optional.empty();
        }
        if (own.workflowTemplateRef() == null) {
            return Optional.of(MUST_REFER);
        }
        Collection<String> violations = violations(own);
        return violations.isEmpty()
                ? Optional.empty()
                : Optional.of("fields [" + String.join(" ", violations)
                        + "] are not permitted when using workflowTemplateRef with templateReferencing restriction");
    }

    /** Why a workflow that began with the one spec may not go on with the other; empty if it may. */
    Optional<String> refusal(WorkflowSpec atStart, WorkflowSpec now) {
        return templateReferencing == TemplateReferencing.SECURE
                        && !frozen(atStart).equals(frozen(now))
                ? Optional.of(MAY_NOT_CHANGE)
                : Optional.empty();
    }

    private Collection<String> violations(WorkflowSpec own) {
        List<String> violations = new ArrayList<>();
        ObjectNode spec = ApiJson.mapper().valueToTree(own);
        Set<String> allowed = new HashSet<>(ALWAYS_ALLOWED);
        allowed.addAll(userOverrides);
        spec.properties().stream()
                .filter(field -> !allowed.contains(field.getKey()) && !isNothing(field.getValue()))
                .forEach(field -> violations.add(goName(field.getKey())));
        spec.path("artifactGC").properties().stream()
                .filter(field -> NEVER_OF_ARTIFACT_GC.contains(field.getKey()) && !isNothing(field.getValue()))
                .forEach(field -> violations.add("ArtifactGC." + goName(field.getKey())));
        return new TreeSet<>(violations);
    }

    private static boolean isNothing(JsonNode value) {
        return value.isNull() || (value.isContainerNode() && value.isEmpty());
    }

    private static String goName(String field) {
        return GO_NAMES.getOrDefault(field, field.substring(0, 1).toUpperCase(Locale.ROOT) + field.substring(1));
    }

    /** What may not change: all but how the workflow is paused and ended. */
    private static JsonNode frozen(WorkflowSpec spec) {
        ObjectNode tree = ApiJson.mapper().valueToTree(spec);
        tree.remove(List.of("suspend", "shutdown"));
        return tree;
    }
}
