package io.tiphys.validation;

import io.tiphys.api.JsonPaths;
import io.tiphys.api.RetryStrategy;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateType;
import io.tiphys.api.UserContainer;
import java.util.List;
import java.util.Set;

/** One template: what holds for every type, then the rules of its type. */
final class TemplateRules {
    private static final List<String> TYPES = List.of(
            "container", "script", "containerSet", "steps", "dag", "suspend", "http", "data", "resource", "plugin");
    private static final Set<String> RETRY_POLICIES = Set.of("", "Always", "OnError", "OnFailure", "OnTransientError");

    private final Visit visit;
    private final ResolvedTemplate resolved;
    private final Template template;
    private final TemplateChecks checks;
    private final Findings findings;

    private TemplateRules(Visit visit, TemplateChecks checks) {
        this.visit = visit;
        this.resolved = visit.resolved();
        this.template = resolved.template();
        this.checks = checks;
        this.findings = resolved.findings();
    }

    static void check(Visit visit, TemplateChecks checks) {
        new TemplateRules(visit, checks).check();
    }

    private void check() {
        if (!checkType()) {
            return;
        }
        KnownVariables known = checks.globals().child();
        addOwnVariables(known);
        InputRules.check(resolved, known);
        checkRetry(template.retryStrategy());
        checkPodFields();
        checkTimeouts();
        switch (resolved.type()) {
            case STEPS -> StepsRules.check(resolved, checks, known);
            case DAG -> DagRules.check(resolved, checks, known);
            case CONTAINER, CONTAINER_SET, SCRIPT, RESOURCE, DATA, SUSPEND, HTTP, PLUGIN, UNKNOWN ->
                LeafRules.check(visit, known);
        }
        OutputRules.check(resolved, known);
        if (template.archiveLocation() != null) {
            ArtifactRules.checkLocation(template.archiveLocation(), resolved.path("archiveLocation"), findings);
        }
        MetricRules.check(template.metrics(), resolved.path("metrics"), findings);
    }

    private boolean checkType() {
        List<String> given =
                TYPES.stream().filter(type -> resolved.tree().hasNonNull(type)).toList();
        if (given.isEmpty()) {
            findings.problem(resolved.path(), "has no type; needs one of " + String.join(", ", TYPES));
        } else if (given.size() > 1) {
            findings.problem(
                    resolved.path(), "has several types: " + String.join(", ", given) + "; only one can be given");
        }
        return given.size() == 1;
    }

    private void addOwnVariables(KnownVariables known) {
        if (resolved.type().isPod()) {
            known.add("pod.name");
        }
    }

    private void checkRetry(@org.jspecify.annotations.Nullable RetryStrategy retry) {
        String policy = retry == null || retry.retryPolicy() == null ? "" : retry.retryPolicy();
        if (!RETRY_POLICIES.contains(policy)) {
            findings.problem(
                    resolved.path("retryStrategy.retryPolicy"),
                    "\"" + policy + "\" is unknown" + Suggestions.known(policy, RETRY_POLICIES));
        }
    }

    private void checkPodFields() {
        TemplateType type = resolved.type();
        if (template.podResources() != null && (type == TemplateType.HTTP || type == TemplateType.PLUGIN)) {
            findings.problem(
                    resolved.path("podResources"),
                    "can't be given for " + type + " templates, which share the agent's pod");
        } else {
            PodResourceRules.check(template.podResources(), resolved.path("podResources"), findings);
        }
        if (!template.resourceClaims().isEmpty() && !type.isPod()) {
            findings.problem(
                    resolved.path("resourceClaims"), "can't be given for " + type + " templates, which make no pod");
        }
        List<UserContainer> containers = template.initContainers();
        for (int i = 0; i < containers.size(); i++) {
            if (containers.get(i).name().isEmpty()) {
                String path = JsonPaths.item(resolved.path("initContainers"), i);
                findings.problem(JsonPaths.field(path, "name"), "is required");
            }
        }
    }

    private void checkTimeouts() {
        boolean leaf = resolved.type().isLeaf();
        String timeout = Call.text(template.timeout());
        if (!timeout.isEmpty()) {
            if (!leaf) {
                findings.problem(resolved.path("timeout"), "can't be given for " + resolved.type() + " templates");
            } else if (checks.resolver().withValues(timeout).matches("[-+]?\\d+")) {
                findings.problem(
                        resolved.path("timeout"), "\"" + timeout + "\" needs a unit, such as " + timeout + "s");
            }
        }
        if (Call.isGiven(template.pendingTimeout()) && !leaf) {
            findings.problem(resolved.path("pendingTimeout"), "can't be given for " + resolved.type() + " templates");
        }
        if (template.activeDeadlineSeconds() != null
                && (resolved.type() == TemplateType.STEPS || resolved.type() == TemplateType.DAG)) {
            findings.problem(
                    resolved.path("activeDeadlineSeconds"), "can't be given for " + resolved.type() + " templates");
        }
    }
}
