package io.tiphys.validation;

import io.tiphys.api.Arguments;
import io.tiphys.api.Artifact;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowMetadata;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The variables {@code workflow.…} that every template of a workflow may refer to. */
final class GlobalVariables {
    private GlobalVariables() {}

    static KnownVariables of(
            SpecSubject subject, TemplateSource base, Arguments arguments, Collection<ResolvedTemplate> templates) {
        var known = new KnownVariables();
        for (String name : new String[] {
            "name",
            "namespace",
            "mainEntrypoint",
            "serviceAccountName",
            "uid",
            "status",
            "annotations",
            "annotations.json",
            "labels",
            "labels.json"
        }) {
            known.add("workflow." + name);
        }
        if (!arguments.parameters().isEmpty()) {
            known.add("workflow.parameters").add("workflow.parameters.json");
        }
        for (Parameter parameter : arguments.parameters()) {
            known.add("workflow.parameters." + parameter.name());
        }
        if (subject.isTemplate()) {
            known.addAll("workflow.parameters");
        }
        if (subject.spec().priority() != null) {
            known.add("workflow.priority");
        }
        addKeys("workflow.annotations.", subject.metadata().getAnnotations(), known);
        addKeys("workflow.labels.", subject.metadata().getLabels(), known);
        addMetadata(subject.spec().workflowMetadata(), known);
        addMetadata(base.spec().workflowMetadata(), known);
        templates.forEach(template -> addOutputs(template, known));
        return known;
    }

    private static void addMetadata(@Nullable WorkflowMetadata metadata, KnownVariables known) {
        if (metadata != null) {
            addKeys("workflow.annotations.", metadata.annotations(), known);
            addKeys("workflow.labels.", metadata.labels(), known);
            addKeys("workflow.labels.", metadata.labelsFrom(), known);
        }
    }

    private static void addKeys(String prefix, @Nullable Map<String, ?> entries, KnownVariables known) {
        if (entries != null) {
            entries.keySet().forEach(key -> known.add(prefix + key));
        }
    }

    private static void addOutputs(ResolvedTemplate template, KnownVariables known) {
        for (Parameter parameter : template.template().outputs().parameters()) {
            addOutput("workflow.outputs.parameters.", parameter.globalName(), known);
        }
        for (Artifact artifact : template.template().outputs().artifacts()) {
            addOutput("workflow.outputs.artifacts.", artifact.globalName(), known);
        }
    }

    private static void addOutput(String prefix, @Nullable String globalName, KnownVariables known) {
        if (globalName != null && !globalName.isEmpty()) {
            if (Texts.hasTag(globalName)) {
                known.addAll(prefix);
            } else {
                known.add(prefix + globalName);
            }
        }
    }
}
