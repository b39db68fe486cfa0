package io.tiphys.validation;

import io.tiphys.api.JsonPaths;
import io.tiphys.api.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Steps, in their order: each may refer to those before it. */
final class StepsRules {
    private final ResolvedTemplate resolved;
    private final TemplateChecks checks;
    private final KnownVariables known;
    private final Findings findings;
    private final Set<String> names = new HashSet<>();

    private StepsRules(ResolvedTemplate resolved, TemplateChecks checks, KnownVariables known) {
        this.resolved = resolved;
        this.checks = checks;
        this.known = known;
        this.findings = resolved.findings();
    }

    /** Checks the steps and adds them to what is known. */
    static void check(ResolvedTemplate resolved, TemplateChecks checks, KnownVariables known) {
        var rules = new StepsRules(resolved, checks, known);
        for (List<Call> group : resolved.calls()) {
            group.forEach(rules::check);
            rules.warnOfReferencesWithin(group);
        }
    }

    private void check(Call step) {
        Names.checkOne(step.name(), this::nameProblem, step.path("name"), names, findings);
        if (Texts.hasTag(step.name())) {
            known.addAll("steps."); // who refers to it may write its name as it will be
        }
        String prefix = "steps." + step.name();
        known.add(prefix + ".status");
        LoopRules.check(step, known, findings);
        ArgumentRules.check(step.arguments(), step.tree().path("arguments"), step.path("arguments"), false, findings);
        Resolution resolution = checks.resolver().resolve(step, resolved.source());
        ResolvedTemplate callee = resolution instanceof ResolvedTemplate found ? found : null;
        if (step.exitHook()) {
            CalledOutputs.add(prefix, callee, false, known);
        }
        SpecRules.checkHooks(step.hooks(), step.path("hooks"), findings);
        warnOfHooks(step, resolved.source(), findings);
        checkTexts(step, known, findings);
        CalledOutputs.add(prefix, callee, step.aggregates(), known);
        checkResolution(step, resolution, findings);
    }

    /** Steps of a group start together: Argo's linter lets one refer to another, but there is nothing to refer to yet. */
    private void warnOfReferencesWithin(List<Call> group) {
        Set<String> together = group.stream().map(Call::name).collect(Collectors.toSet());
        for (Call step : group) {
            String at = step.path("arguments");
            Texts.forEach(step.tree().path("arguments"), at, (path, text) -> {
                for (String tag : Texts.tags(text)) {
                    String[] parts = tag.split("\\.", 3);
                    if (parts.length == 3 && parts[0].equals("steps") && together.contains(parts[1])) {
                        findings.warning(
                                path,
                                "{{" + tag + "}} refers to a step that starts at the same time; move \"" + parts[1]
                                        + "\" to an earlier group");
                    }
                }
            });
        }
    }

    /** Argo finds out about hooks without a template only when they run. */
    static void warnOfHooks(Call call, TemplateSource base, Findings findings) {
        call.hooks().forEach((name, hook) -> {
            String template = Call.text(hook.template());
            boolean missing = hook.templateRef() == null
                    && !Texts.hasTag(template)
                    && !base.byName().containsKey(template);
            if (missing) {
                findings.warning(
                        JsonPaths.field(call.path("hooks"), name),
                        "template \"" + template + "\" not found"
                                + Suggestions.known(template, base.byName().keySet()));
            }
        });
    }

    private @org.jspecify.annotations.Nullable String nameProblem(String name) {
        return Names.templateNameProblem(Texts.withoutKnownTags(name, known));
    }

    /** Tags in a call, but for those in an inline template, which is checked as a template. */
    static void checkTexts(Call call, KnownVariables known, Findings findings) {
        String all = call.tree().toString();
        if (all.lastIndexOf("{{") > all.lastIndexOf("}}")) {
            findings.problem(call.path(), "there is a {{ without its }}");
        }
        call.tree().properties().forEach(entry -> {
            if (!entry.getKey().equals("inline")) {
                Texts.forEach(
                        entry.getValue(), call.path(entry.getKey()), (path, text) -> known.check(path, text, findings));
            }
        });
    }

    static void checkResolution(Call call, Resolution resolution, Findings findings) {
        switch (resolution) {
            case ResolvedTemplate callee -> {
                ArgumentRules.checkSupplied(callee, call.arguments(), call.path(), findings);
                warnOfArgumentsNotTaken(call, callee, findings);
            }
            case Resolution.Missing(var path, var message) -> findings.problem(path, message);
            case Resolution.Dynamic _ -> {
                // known when it runs
            }
        }
    }

    private static void warnOfArgumentsNotTaken(Call call, ResolvedTemplate callee, Findings findings) {
        List<Parameter> inputs = callee.template().inputs().parameters();
        for (Parameter argument : call.arguments().parameters()) {
            if (ArgumentRules.find(inputs, argument.name()) == null) {
                findings.warning(
                        call.path("arguments"),
                        "template \"" + callee.name() + "\" doesn't take a parameter \"" + argument.name() + "\""
                                + Suggestions.of(
                                        argument.name(),
                                        inputs.stream().map(Parameter::name).toList()));
            }
        }
    }
}
