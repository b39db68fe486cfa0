package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.tiphys.api.Arguments;
import io.tiphys.api.Artifact;
import io.tiphys.api.Inputs;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.LifecycleHook;
import io.tiphys.api.Parameter;
import io.tiphys.api.PodGC;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplateRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A workflow's spec: the fields that hold for the whole, then every template that is or may be run. */
final class SpecRules {
    private static final Set<String> POD_GC =
            Set.of("", "OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess");

    private final SpecSubject subject;
    private final WorkflowSpec spec;
    private final String path;
    private final Findings findings;
    private final TemplateSource own;
    private final TemplateResolver resolver;
    private final Map<String, Visit> visits = new LinkedHashMap<>();

    private SpecRules(SpecSubject subject, TemplateLookup lookup, Findings findings) {
        this.subject = subject;
        this.spec = subject.spec();
        this.path = subject.path();
        this.findings = findings;
        this.own = new TemplateSource(
                subject.kind(), subject.namespace(), spec, subject.tree(), path, subject.clusterScoped(), findings);
        this.resolver = new TemplateResolver(lookup, valuesOf(spec.arguments()), findings);
    }

    static void check(SpecSubject subject, TemplateLookup lookup, Findings findings) {
        new SpecRules(subject, lookup, findings).check();
    }

    private static Map<String, String> valuesOf(Arguments arguments) {
        var values = new HashMap<String, String>();
        for (Parameter parameter : arguments.parameters()) {
            if (parameter.value() != null && !Texts.hasTag(parameter.value())) {
                values.put("workflow.parameters." + parameter.name(), parameter.value());
            }
        }
        return values;
    }

    private void check() {
        TemplateSource base = base();
        Names.check(spec.templates(), Template::name, Names::templateNameProblem, field("templates"), findings);
        JsonNode argumentsTree = subject.tree().path("arguments");
        ArgumentRules.check(
                spec.arguments(), argumentsTree, field("arguments"), subject.valuesMayBeMissing(), findings);
        checkHooks(spec.hooks(), field("hooks"), findings);
        checkPodGc(spec.podGC());
        PodResourceRules.check(spec.podResources(), field("podResources"), findings);
        if (base == null) {
            return;
        }
        checkArgumentsOf(base);
        Arguments arguments = merged(base.spec().arguments());
        String entrypoint = Call.text(
                Call.isGiven(spec.entrypoint())
                        ? spec.entrypoint()
                        : base.spec().entrypoint());
        String onExit = Call.text(
                Call.isGiven(spec.onExit()) ? spec.onExit() : base.spec().onExit());
        visitEntrypoint(entrypoint, arguments, base);
        if (!onExit.isEmpty()) {
            visitNamed(onExit, spec.arguments(), base, "onExit", true);
        }
        for (ResolvedTemplate template : base.byName().values()) {
            visitAll(new Visit(template, null, !onExit.isEmpty()));
        }
        checkVisits(base, arguments, !onExit.isEmpty());
    }

    /** Where the templates are: here, or in the workflow template that is referred to. Null if that isn't there. */
    private @Nullable TemplateSource base() {
        WorkflowTemplateRef ref = spec.workflowTemplateRef();
        if (ref == null) {
            return own;
        }
        if (!spec.templates().isEmpty()) {
            findings.problem(field("templates"), "can't be given together with workflowTemplateRef");
        }
        String name = ref.name() == null ? "" : ref.name();
        TemplateSource source =
                resolver.source(name, ref.clusterScope(), subject.namespace(), field("workflowTemplateRef"));
        if (source == null) {
            findings.problem(field("workflowTemplateRef.name"), TemplateResolver.notFound(name, ref.clusterScope()));
        }
        return source;
    }

    /** What the template that is instantiated leaves open, or says wrongly, of the parameters that aren't given here. */
    private void checkArgumentsOf(TemplateSource base) {
        for (Parameter parameter :
                base == own ? List.<Parameter>of() : base.spec().arguments().parameters()) {
            String value = parameter.value();
            boolean isMissing = value == null && parameter.valueFrom() == null && !subject.valuesMayBeMissing();
            boolean isForbidden = value != null
                    && !parameter.enumValues().isEmpty()
                    && !parameter.enumValues().contains(value);
            if ((isMissing || isForbidden)
                    && ArgumentRules.find(spec.arguments().parameters(), parameter.name()) == null) {
                findings.problem(
                        field("workflowTemplateRef"),
                        "parameter \"" + parameter.name() + "\" of the template "
                                + (isMissing ? "needs a value" : "has a value that is not in its enum"));
            }
        }
    }

    /** The arguments here, and those of the template that aren't given here. */
    private Arguments merged(Arguments below) {
        var parameters = new ArrayList<>(spec.arguments().parameters());
        for (Parameter parameter : below.parameters()) {
            if (ArgumentRules.find(parameters, parameter.name()) == null) {
                parameters.add(parameter);
            }
        }
        var artifacts = new ArrayList<>(spec.arguments().artifacts());
        for (Artifact artifact : below.artifacts()) {
            if (artifacts.stream().noneMatch(a -> a.name().equals(artifact.name()))) {
                artifacts.add(artifact);
            }
        }
        return new Arguments(parameters, artifacts);
    }

    private void visitEntrypoint(String entrypoint, Arguments arguments, TemplateSource base) {
        if (!entrypoint.isEmpty()) {
            visitNamed(entrypoint, arguments, base, "entrypoint", false);
        } else if (!subject.isTemplate()) {
            findings.problem(
                    field("entrypoint"),
                    "is required" + Suggestions.known("", base.byName().keySet()));
        }
    }

    private void visitNamed(
            String template, Arguments arguments, TemplateSource base, String fieldName, boolean afterwards) {
        String fieldPath = field(fieldName);
        switch (resolver.resolve(Call.named(template, arguments, fieldPath), base)) {
            case ResolvedTemplate found -> {
                if (!subject.isTemplate()) {
                    ArgumentRules.checkSupplied(found, arguments, fieldPath, findings);
                }
                visitAll(new Visit(found, subject.isTemplate() ? null : arguments, afterwards));
            }
            case Resolution.Missing(var at, var message) -> findings.problem(at, message);
            case Resolution.Dynamic _ -> {
                // a name from the spec is never that
            }
        }
    }

    /** Notes a template and all that it calls, each once. */
    private void visitAll(Visit first) {
        var waiting = new java.util.ArrayDeque<Visit>();
        waiting.add(first);
        while (!waiting.isEmpty()) {
            Visit visit = waiting.removeFirst();
            ResolvedTemplate resolved = visit.resolved();
            if (visits.putIfAbsent(resolved.source().label() + "\n" + resolved.path(), visit) != null) {
                continue;
            }
            for (List<Call> group : resolved.calls()) {
                for (Call call : group) {
                    if (resolver.resolve(call, resolved.source()) instanceof ResolvedTemplate found) {
                        waiting.add(new Visit(found, null, visit.afterwards()));
                    }
                }
            }
        }
    }

    private void checkVisits(TemplateSource base, Arguments arguments, boolean hasOnExit) {
        KnownVariables globals = GlobalVariables.of(
                subject,
                base,
                arguments,
                visits.values().stream().map(Visit::resolved).toList());
        KnownVariables afterwards = globals.child().add("workflow.failures");
        checkArgumentTexts(globals);
        for (Visit visit : visits.values()) {
            boolean failuresKnown = hasOnExit && visit.afterwards();
            TemplateRules.check(visit, new TemplateChecks(failuresKnown ? afterwards : globals, resolver));
        }
    }

    /** Arguments that the entrypoint takes go into it before anything runs, so they may refer to the workflow only. */
    private void checkArgumentTexts(KnownVariables globals) {
        for (Visit visit : visits.values()) {
            if (visit.arguments() == null || visit.afterwards()) {
                continue;
            }
            Inputs taken = visit.resolved().template().inputs();
            JsonNode trees = subject.tree().path("arguments");
            List<Parameter> parameters = spec.arguments().parameters();
            for (int i = 0; i < parameters.size(); i++) {
                if (ArgumentRules.find(taken.parameters(), parameters.get(i).name()) != null) {
                    checkTexts(trees.path("parameters").path(i), "arguments.parameters[" + i + "]", globals);
                }
            }
            List<Artifact> artifacts = spec.arguments().artifacts();
            for (int i = 0; i < artifacts.size() && visit.resolved().type().isLeaf(); i++) {
                String name = artifacts.get(i).name();
                if (taken.artifacts().stream().anyMatch(input -> input.name().equals(name))) {
                    checkTexts(trees.path("artifacts").path(i), "arguments.artifacts[" + i + "]", globals);
                }
            }
        }
    }

    private void checkTexts(JsonNode tree, String at, KnownVariables globals) {
        Texts.forEach(tree, field(at), (where, text) -> globals.check(where, text, findings));
    }

    static void checkHooks(Map<String, LifecycleHook> hooks, String path, Findings findings) {
        hooks.forEach((name, hook) -> {
            if (!name.equals("exit") && !Call.isGiven(hook.expression())) {
                findings.problem(
                        JsonPaths.field(path, name), "needs an expression; only the hook \"exit\" goes without");
            }
        });
    }

    private void checkPodGc(@Nullable PodGC podGc) {
        String strategy = podGc == null || podGc.strategy() == null ? "" : podGc.strategy();
        if (!POD_GC.contains(strategy)) {
            findings.problem(
                    field("podGC.strategy"), "\"" + strategy + "\" is unknown" + Suggestions.known(strategy, POD_GC));
        }
        if (podGc != null && podGc.labelSelector() != null) {
            var expressions = podGc.labelSelector().getMatchExpressions();
            for (int i = 0; i < expressions.size(); i++) {
                checkRequirement(expressions.get(i), field("podGC.labelSelector.matchExpressions[" + i + "]"));
            }
        }
    }

    private void checkRequirement(LabelSelectorRequirement requirement, String at) {
        String operator = requirement.getOperator() == null ? "" : requirement.getOperator();
        boolean hasValues = !requirement.getValues().isEmpty();
        switch (operator) {
            case "In", "NotIn" -> {
                if (!hasValues) {
                    findings.problem(at + ".values", "must have at least one value for the operator " + operator);
                }
            }
            case "Exists", "DoesNotExist" -> {
                if (hasValues) {
                    findings.problem(at + ".values", "must be empty for the operator " + operator);
                }
            }
            default ->
                findings.problem(
                        at + ".operator",
                        "\"" + operator
                                + "\" is no operator of label selectors; known: In, NotIn, Exists, DoesNotExist");
        }
    }

    private String field(String name) {
        return path + "." + name;
    }
}
