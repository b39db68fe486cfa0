package io.tiphys.validation;

import io.tiphys.api.Artifact;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Parameter;
import io.tiphys.api.ValueFrom;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a template yields. */
final class OutputRules {
    private final ResolvedTemplate resolved;
    private final Findings findings;

    private OutputRules(ResolvedTemplate resolved) {
        this.resolved = resolved;
        this.findings = resolved.findings();
    }

    static void check(ResolvedTemplate resolved, KnownVariables known) {
        new OutputRules(resolved).check(known);
    }

    private void check(KnownVariables known) {
        List<Parameter> parameters = resolved.template().outputs().parameters();
        List<Artifact> artifacts = resolved.template().outputs().artifacts();
        String parametersPath = resolved.path("outputs.parameters");
        String artifactsPath = resolved.path("outputs.artifacts");
        Function<String, @Nullable String> nameProblem =
                name -> Names.valueNameProblem(Texts.withoutKnownTags(name, known));
        Names.check(parameters, Parameter::name, nameProblem, parametersPath, findings);
        Names.check(artifacts, Artifact::name, nameProblem, artifactsPath, findings);
        Texts.forEach(
                resolved.tree().path("outputs"),
                resolved.path("outputs"),
                (path, text) -> known.check(path, text, findings));
        for (int i = 0; i < artifacts.size(); i++) {
            checkArtifact(artifacts.get(i), JsonPaths.item(artifactsPath, i));
        }
        for (int i = 0; i < parameters.size(); i++) {
            checkParameter(parameters.get(i), JsonPaths.item(parametersPath, i));
        }
    }

    private void checkArtifact(Artifact artifact, String path) {
        if (resolved.type().isLeaf()) {
            ArtifactRules.checkPath(artifact, path, findings);
        } else if (Call.isGiven(artifact.path())) {
            findings.problem(
                    JsonPaths.field(path, "path"), "can't be given for " + resolved.type() + " templates; use from");
        }
        checkGlobalName(artifact.globalName(), path);
    }

    private void checkParameter(Parameter parameter, String path) {
        ValueFrom from = parameter.valueFrom();
        if (from != null && parameter.value() != null) {
            findings.problem(path, "has both a value and valueFrom; only one can be given");
        } else if (from == null && parameter.value() == null) {
            findings.problem(path, "needs a value or valueFrom");
        } else if (from != null) {
            checkSource(from, JsonPaths.field(path, "valueFrom"));
        }
        checkGlobalName(parameter.globalName(), path);
    }

    private void checkSource(ValueFrom from, String path) {
        long given = Stream.of(from.path(), from.jqFilter(), from.jsonPath(), from.parameter(), from.expression())
                        .filter(Call::isGiven)
                        .count()
                + (from.supplied() == null ? 0 : 1);
        if (given != 1) {
            findings.problem(path, "needs exactly one of path, jqFilter, jsonPath, parameter, expression and supplied");
            return;
        }
        String wanted = switch (resolved.type()) {
            case CONTAINER, CONTAINER_SET, SCRIPT -> Call.isGiven(from.path()) ? null : "path";
            case RESOURCE ->
                Call.isGiven(from.jqFilter()) || Call.isGiven(from.jsonPath()) ? null : "jqFilter or jsonPath";
            case STEPS, DAG ->
                Call.isGiven(from.parameter()) || Call.isGiven(from.expression()) ? null : "parameter or expression";
            case DATA, SUSPEND, HTTP, PLUGIN, UNKNOWN -> null;
        };
        if (wanted != null) {
            findings.problem(path, "must be " + wanted + " for " + resolved.type() + " templates");
        }
    }

    private void checkGlobalName(@Nullable String globalName, String path) {
        if (globalName != null && !globalName.isEmpty() && !Texts.hasTag(globalName)) {
            String problem = Names.valueNameProblem(globalName);
            if (problem != null) {
                findings.problem(JsonPaths.field(path, "globalName"), problem);
            }
        }
    }
}
