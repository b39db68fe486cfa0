package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.SharedReads;
import io.tiphys.engine.definition.ConfigMapArguments;
import io.tiphys.engine.definition.References;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The objects of the API server that workflows refer to: templates, and ConfigMaps with parameters. Read again only after a moment. */
final class ReferencedObjects {
    private static final Duration BETWEEN_READS = Duration.ofMillis(50);

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final SharedReads<ConfigMap> configMaps = new SharedReads<>(BETWEEN_READS);
    private final SharedReads<ArgoResource<WorkflowSpec>> templates = new SharedReads<>(BETWEEN_READS);

    ReferencedObjects(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /** Fetches what the workflow refers to, and what that refers to, until nothing new turns up. */
    References of(Workflow workflow) throws InterruptedException {
        String namespace = workflow.getMetadata().getNamespace();
        Map<References.Key, WorkflowSpec> specs = new HashMap<>();
        Set<References.Key> absent = new HashSet<>();
        References references = new References(specs, Map.of());
        for (boolean grew = true; grew; ) {
            grew = false;
            for (References.Key key : references.missing(workflow)) {
                if (!absent.contains(key)) {
                    WorkflowSpec spec = template(namespace, key);
                    if (spec == null) {
                        absent.add(key);
                    } else {
                        specs.put(key, spec);
                        grew = true;
                    }
                }
            }
            for (References.Key pattern : references.patterns(workflow)) {
                grew |= absent.add(pattern) && addTemplates(namespace, pattern, specs);
            }
            references = new References(specs, Map.of());
        }
        Map<String, Map<String, String>> configMaps = new HashMap<>();
        for (String name : references.configMapNames(workflow)) {
            if (name.contains("{{")) {
                addConfigMaps(namespace, new References.Key(name, false), configMaps);
                continue;
            }
            ConfigMap found = configMap(namespace, name);
            if (found != null
                    && found.getData() != null
                    && ConfigMapArguments.isForParameters(found.getMetadata().getLabels())) {
                configMaps.put(name, found.getData());
            }
        }
        return new References(specs, configMaps);
    }

    /** Adds the templates that a name with tags may mean; returns whether there was a new one. */
    private boolean addTemplates(String namespace, References.Key pattern, Map<References.Key, WorkflowSpec> specs)
            throws InterruptedException {
        boolean grew = false;
        for (ArgoResource<WorkflowSpec> template : templates(namespace, pattern.clusterScope())) {
            String name = template.getMetadata().getName();
            grew |= pattern.mayMean(name)
                    && specs.putIfAbsent(new References.Key(name, pattern.clusterScope()), template.getSpec()) == null;
        }
        return grew;
    }

    /** Adds the ConfigMaps for parameters that a name with tags may mean. */
    private void addConfigMaps(String namespace, References.Key pattern, Map<String, Map<String, String>> configMaps)
            throws InterruptedException {
        List<ConfigMap> candidates = calls.call(
                "list config maps",
                () -> client.configMaps()
                        .inNamespace(namespace)
                        .withLabel(ConfigMapArguments.LABEL, ConfigMapArguments.PARAMETERS)
                        .list()
                        .getItems());
        for (ConfigMap candidate : candidates) {
            if (pattern.mayMean(candidate.getMetadata().getName()) && candidate.getData() != null) {
                configMaps.put(candidate.getMetadata().getName(), candidate.getData());
            }
        }
    }

    private List<? extends ArgoResource<WorkflowSpec>> templates(String namespace, boolean clusterScope)
            throws InterruptedException {
        return clusterScope
                ? calls.call(
                        "list cluster workflow templates",
                        () -> client.resources(ClusterWorkflowTemplate.class)
                                .list()
                                .getItems())
                : calls.call(
                        "list workflow templates",
                        () -> client.resources(WorkflowTemplate.class)
                                .inNamespace(namespace)
                                .list()
                                .getItems());
    }

    private @Nullable WorkflowSpec template(String namespace, References.Key key) throws InterruptedException {
        ArgoResource<WorkflowSpec> found = key.clusterScope()
                ? templates.get(
                        "/" + key.name(),
                        () -> calls.call(
                                "get cluster workflow template",
                                () -> client.resources(ClusterWorkflowTemplate.class)
                                        .withName(key.name())
                                        .get()))
                : templates.get(
                        namespace + "/" + key.name(),
                        () -> calls.call(
                                "get workflow template",
                                () -> client.resources(WorkflowTemplate.class)
                                        .inNamespace(namespace)
                                        .withName(key.name())
                                        .get()));
        return found == null ? null : found.getSpec();
    }

    /** The ConfigMap, or null if there is none. */
    @Nullable
    ConfigMap configMap(String namespace, String name) throws InterruptedException {
        return configMaps.get(
                namespace + "/" + name,
                () -> calls.call(
                        "get config map",
                        () -> client.configMaps()
                                .inNamespace(namespace)
                                .withName(name)
                                .get()));
    }
}
