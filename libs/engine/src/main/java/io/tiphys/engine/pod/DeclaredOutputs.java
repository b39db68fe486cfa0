package io.tiphys.engine.pod;

import io.tiphys.api.Artifact;
import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Node;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.scope.FilledTemplate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a template promises that its pod leaves behind as files, against what the executor says it found. */
final class DeclaredOutputs {
    private DeclaredOutputs() {}

    /** The outputs that the node's template declares, tags in their names filled in. */
    static Outputs of(Node node) {
        CompiledTemplate template = node.template();
        if (template == null) {
            return Outputs.NONE;
        }
        Outputs declared = template.template().outputs();
        boolean isTagged = declared.parameters().stream()
                        .anyMatch(parameter -> isTagged(parameter.name()) || isTagged(parameter.globalName()))
                || declared.artifacts().stream()
                        .anyMatch(artifact -> isTagged(artifact.name()) || isTagged(artifact.globalName()));
        return isTagged && FilledTemplate.of(node) instanceof FilledTemplate.Filled(var filled)
                ? filled.outputs()
                : declared;
    }

    private static boolean isTagged(@Nullable String text) {
        return text != null && text.contains("{{");
    }

    /** A pod's end by its executor's complete report: success without a promised output is none. */
    static End settle(Draft draft, Node node, End end) {
        if (end.phase() != NodePhase.SUCCEEDED) {
            return end;
        }
        List<String> missing = missing(draft, node);
        return missing.isEmpty()
                ? end
                : new End(
                        NodePhase.ERROR,
                        "the executor's report is complete but lacks declared outputs: " + String.join(", ", missing));
    }

    private static List<String> missing(Draft draft, Node node) {
        CompiledTemplate template = node.template();
        if (template == null || template.isDaemon()) {
            return List.of();
        }
        Outputs declared = of(node);
        Outputs known = draft.outputsOf(node);
        Outputs reported = known == null ? Outputs.NONE : known;
        List<String> missing = new ArrayList<>();
        for (Parameter parameter : declared.parameters()) {
            if (isFile(parameter)
                    && reported.parameters().stream()
                            .noneMatch(other -> other.name().equals(parameter.name()) && other.value() != null)) {
                missing.add("parameter \"" + parameter.name() + "\"");
            }
        }
        for (Artifact artifact : declared.artifacts()) {
            if (artifact.path() != null
                    && !artifact.path().isEmpty()
                    && !artifact.optional()
                    && reported.artifacts().stream()
                            .noneMatch(other -> other.name().equals(artifact.name()))) {
                missing.add("artifact \"" + artifact.name() + "\"");
            }
        }
        return missing;
    }

    private static boolean isFile(Parameter parameter) {
        var from = parameter.valueFrom();
        return from != null && from.path() != null && !from.path().isEmpty() && from.defaultValue() == null;
    }
}
