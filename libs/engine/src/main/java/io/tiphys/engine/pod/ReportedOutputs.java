package io.tiphys.engine.pod;

import io.tiphys.api.Artifact;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Node;
import java.util.stream.Stream;

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
                                .map(parameter -> declaredAs(parameter, declared, known))
                                .toList(),
                report.artifacts().isEmpty()
                        ? known.artifacts()
                        : report.artifacts().stream()
                                .map(artifact -> declaredAs(artifact, declared, known))
                                .toList(),
                report.result() == null ? known.result() : report.result(),
                report.exitCode() == null ? known.exitCode() : report.exitCode());
    }

    /** What was declared when it was reported first stays, whatever its expressions yield when the same is reported again. */
    private static Parameter declaredAs(Parameter parameter, Outputs declared, Outputs known) {
        return Stream.concat(known.parameters().stream(), declared.parameters().stream())
                .filter(wanted -> wanted.name().equals(parameter.name()))
                .findFirst()
                .map(wanted -> wanted.withValue(parameter.value()))
                .orElse(parameter);
    }

    private static Artifact declaredAs(Artifact artifact, Outputs declared, Outputs known) {
        for (Artifact wanted : declared.artifacts()) {
            if (wanted.name().equals(artifact.name())) {
                String global = known.artifacts().stream()
                        .filter(before -> before.name().equals(artifact.name()))
                        .findFirst()
                        .map(Artifact::globalName)
                        .orElse(wanted.globalName());
                return artifact.withGlobalName(global)
                        .withPath(artifact.path() == null ? wanted.path() : artifact.path())
                        .withOptional(wanted.optional())
                        .withArchive(wanted.archive())
                        .withArtifactGC(wanted.artifactGC());
            }
        }
        return artifact;
    }
}
