package io.tiphys.engine.definition;

import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowSpec;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A workflow's own arguments that come from ConfigMaps: without them it doesn't begin (Argo does the same, in these words). */
public final class ConfigMapArguments {
    /** Only ConfigMaps that say so hold parameters: others are nobody's to read out. */
    public static final String LABEL = "workflows.argoproj.io/configmap-type";

    /** The label's value on them. */
    public static final String PARAMETERS = "Parameter";

    private ConfigMapArguments() {}

    /** Whether a ConfigMap with these labels holds parameters. */
    public static boolean isForParameters(@Nullable Map<String, String> labels) {
        return labels != null && PARAMETERS.equals(labels.get(LABEL));
    }

    /** Which argument has no value, and why; empty if all are fine or can't be known yet. */
    public static Optional<String> problem(WorkflowSpec spec, References references) {
        for (Parameter parameter : spec.arguments().parameters()) {
            var from = parameter.valueFrom();
            ConfigMapKeySelector ref = from == null ? null : from.configMapKeyRef();
            if (parameter.value() != null || from == null || ref == null || from.defaultValue() != null) {
                continue;
            }
            String name = String.valueOf(ref.getName());
            String key = String.valueOf(ref.getKey());
            if (name.contains("{{") || key.contains("{{")) {
                continue;
            }
            Map<String, String> data = references.configMaps().get(name);
            if (data == null || !data.containsKey(key)) {
                String why = data == null
                        ? "ConfigMap '" + name + "' does not exist. Please make sure it has the label " + LABEL + ": "
                                + PARAMETERS + " to be detectable by the controller"
                        : "ConfigMap '" + name + "' does not have the key '" + key + "'";
                return Optional.of("failed to set global parameters: failed to set global parameter " + parameter.name()
                        + " from configmap with name " + name + " and key " + key + ": " + why);
            }
        }
        return Optional.empty();
    }
}
