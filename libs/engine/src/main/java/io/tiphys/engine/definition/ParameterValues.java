package io.tiphys.engine.definition;

import io.tiphys.api.Parameter;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What parameters of a workflow or a template are worth that nobody passes a value to. */
final class ParameterValues {
    private final List<Parameter> arguments;
    private final References references;

    /**
     * Of one workflow.
     *
     * @param arguments the workflow's own
     */
    ParameterValues(List<Parameter> arguments, References references) {
        this.arguments = arguments;
        this.references = references;
    }

    /** Value of a workflow argument, or null if there is none. */
    @Nullable
    String argument(String name, Map<String, String> overrides, Scope scope) {
        String override = overrides.get(name);
        if (override != null) {
            return override;
        }
        for (Parameter parameter : arguments) {
            if (parameter.name().equals(name)) {
                return value(parameter, scope);
            }
        }
        return null;
    }

    /** Value of a parameter that is written out, read from a ConfigMap, or defaulted; null if it has none. */
    @Nullable
    String value(Parameter parameter, Scope scope) {
        String value = parameter.value();
        if (value == null && parameter.valueFrom() != null) {
            var ref = parameter.valueFrom().configMapKeyRef();
            if (ref != null) {
                Map<String, String> data =
                        references.configMaps().get(FilledText.of(CompiledText.compile(orEmpty(ref.getName())), scope));
                value = data == null
                        ? null
                        : data.get(FilledText.of(CompiledText.compile(orEmpty(ref.getKey())), scope));
            }
            if (value == null) {
                value = parameter.valueFrom().defaultValue();
            }
        }
        if (value == null) {
            value = parameter.defaultValue();
        }
        return value == null || !value.contains("{{") ? value : FilledText.of(CompiledText.compile(value), scope);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
