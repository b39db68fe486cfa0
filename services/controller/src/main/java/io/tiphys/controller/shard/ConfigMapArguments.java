package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapKeySelector;
import io.tiphys.api.Parameter;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.definition.References;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A workflow's own arguments that come from ConfigMaps: without them it doesn't begin (Argo does the same, in these words). */
final class ConfigMapArguments {
    /** Only ConfigMaps that say so hold parameters: others are nobody's to read out. */
    static final String LABEL = "workflows.argoproj.io/configmap-type";

    static final String PARAMETERS = "Parameter";

    private ConfigMapArguments() {}

    static boolean isForParameters(ConfigMap map) {
        return Objects.requireNonNullElse(map.getMetadata().getLabels(), Map.<String, String>of())
                .getOrDefault(LABEL, "")
                .equals(PARAMETERS);
    }

    /** Which argument has no value, and why; empty if all are fine or can't be known yet. */
    static Optional<String> problem(WorkflowSpec spec, References references) {
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
