package io.tiphys.validation;

import io.tiphys.api.Artifact;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Parameter;
import java.util.List;

/** What a template takes. */
final class InputRules {
    private InputRules() {}

    /** Checks the inputs and adds them to what is known. */
    static void check(ResolvedTemplate resolved, KnownVariables known) {
        Findings findings = resolved.findings();
        List<Parameter> parameters = resolved.template().inputs().parameters();
        List<Artifact> artifacts = resolved.template().inputs().artifacts();
        String artifactsPath = resolved.path("inputs.artifacts");
        Names.check(parameters, Parameter::name, Names::valueNameProblem, resolved.path("inputs.parameters"), findings);
        Names.check(artifacts, Artifact::name, Names::valueNameProblem, artifactsPath, findings);
        if (!parameters.isEmpty()) {
            known.add("inputs.parameters");
        }
        parameters.forEach(parameter -> known.add("inputs.parameters." + parameter.name()));
        for (int i = 0; i < artifacts.size(); i++) {
            checkArtifact(resolved, artifacts.get(i), JsonPaths.item(artifactsPath, i), known);
        }
    }

    private static void checkArtifact(ResolvedTemplate resolved, Artifact artifact, String path, KnownVariables known) {
        Findings findings = resolved.findings();
        known.add("inputs.artifacts." + artifact.name());
        if (resolved.type().isLeaf()) {
            ArtifactRules.checkPath(artifact, path, findings);
            known.add("inputs.artifacts." + artifact.name() + ".path");
        } else if (Call.isGiven(artifact.path())) {
            findings.problem(JsonPaths.field(path, "path"), "can't be given for " + resolved.type() + " templates");
        }
        if (Call.isGiven(artifact.from())) {
            findings.problem(JsonPaths.field(path, "from"), "can't be given for inputs; the caller says where from");
        }
        ArtifactRules.checkLocation(artifact, path, findings);
    }
}
