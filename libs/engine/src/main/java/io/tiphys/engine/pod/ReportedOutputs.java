package io.tiphys.engine.pod;

import io.tiphys.api.Artifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Node;

/** The outputs of a node after one more report of its executor. */
final class ReportedOutputs {
    private ReportedOutputs() {}

    /** What is known so far, what the template declares, and the report, the last one winning. */
    static Outputs merge(Node node, Outputs report) {
        Outputs known = node.outputs() == null ? Outputs.NONE : node.outputs();
        Outputs declared = DeclaredOutputs.of(node);
        return new Outputs(
                report.parameters().isEmpty()
                        ? known.parameters()
                        : report.parameters().stream()
                                .map(parameter -> declaredAs(parameter, declared))
                                .toList(),
                report.artifacts().isEmpty()
                        ? known.artifacts()
                        : report.artifacts().stream()
                                .map(artifact -> declaredAs(artifact, declared))
                                .toList(),
                report.result() == null ? known.result() : report.result(),
                report.exitCode() == null ? known.exitCode() : report.exitCode());
    }

    private static Parameter declaredAs(Parameter parameter, Outputs declared) {
        for (Parameter known : declared.parameters()) {
            if (known.name().equals(parameter.name())) {
                return known.withValue(parameter.value());
            }
        }
        return parameter;
    }

    private static Artifact declaredAs(Artifact artifact, Outputs declared) {
        for (Artifact known : declared.artifacts()) {
            if (known.name().equals(artifact.name())) {
                return artifact.withGlobalName(known.globalName())
                        .withPath(artifact.path() == null ? known.path() : artifact.path())
                        .withOptional(known.optional())
                        .withArchive(known.archive())
                        .withArtifactGC(known.artifactGC());
            }
        }
        return artifact;
    }
}
