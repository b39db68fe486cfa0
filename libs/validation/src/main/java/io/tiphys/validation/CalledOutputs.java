package io.tiphys.validation;

import io.tiphys.api.Artifact;
import io.tiphys.api.ContainerSetTemplate;
import io.tiphys.api.Parameter;
import io.tiphys.api.Template;
import org.jspecify.annotations.Nullable;

/** What others may refer to of a step or task. */
final class CalledOutputs {
    private CalledOutputs() {}

    /**
     * Adds the variables of a call.
     *
     * @param prefix {@code steps.} or {@code tasks.} with the name
     * @param callee its template, null if that is known only when it runs
     */
    static void add(String prefix, @Nullable ResolvedTemplate callee, boolean aggregates, KnownVariables known) {
        for (String field : new String[] {".id", ".startedAt", ".finishedAt", ".hostNodeName"}) {
            known.add(prefix + field);
        }
        if (callee == null) {
            return;
        }
        Template template = callee.template();
        if (Boolean.TRUE.equals(template.daemon())) {
            known.add(prefix + ".ip");
        }
        if (hasResult(template)) {
            known.add(prefix + ".outputs.result").add(prefix + ".exitCode");
        }
        for (Parameter parameter : template.outputs().parameters()) {
            known.add(prefix + ".outputs.parameters." + parameter.name());
        }
        for (Artifact artifact : template.outputs().artifacts()) {
            known.add(prefix + ".outputs.artifacts." + artifact.name());
        }
        if (aggregates) {
            known.add(prefix + ".outputs.parameters");
            if (template.containerSet() != null) {
                known.add(prefix + ".outputs.result").add(prefix + ".exitCode");
            }
        }
    }

    private static boolean hasResult(Template template) {
        return template.container() != null
                || template.script() != null
                || template.data() != null
                || template.http() != null
                || template.plugin() != null
                || hasMain(template.containerSet());
    }

    static boolean hasMain(@Nullable ContainerSetTemplate set) {
        return set != null && set.containers().stream().anyMatch(c -> c.name().equals("main"));
    }
}
