package io.tiphys.api.crd;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowEventBinding;
import io.tiphys.api.WorkflowTaskSet;
import io.tiphys.api.WorkflowTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The definitions of Argo's kinds, as JSON and as the files of {@code k8s/base/crds}. */
public final class CustomResourceDefinitions {
    private static final List<Class<? extends ArgoResource<?>>> KINDS = List.of(
            Workflow.class,
            WorkflowTemplate.class,
            ClusterWorkflowTemplate.class,
            CronWorkflow.class,
            WorkflowEventBinding.class,
            WorkflowTaskSet.class);

    private CustomResourceDefinitions() {}

    /** The kinds that have a definition. */
    public static List<Class<? extends ArgoResource<?>>> kinds() {
        return KINDS;
    }

    /** The definition of a kind, {@code apiextensions.k8s.io/v1}. */
    public static ObjectNode of(Class<? extends ArgoResource<?>> kind) {
        ObjectNode definition = JsonNodeFactory.instance.objectNode();
        definition.put("apiVersion", "apiextensions.k8s.io/v1").put("kind", "CustomResourceDefinition");
        definition.putObject("metadata").put("name", HasMetadata.getFullResourceName(kind));
        ObjectNode spec = definition.putObject("spec").put("group", ArgoResource.GROUP);
        addNames(spec.putObject("names"), kind);
        spec.put("scope", Namespaced.class.isAssignableFrom(kind) ? "Namespaced" : "Cluster");
        addVersion(spec.putArray("versions").addObject(), kind);
        return definition;
    }

    /** File names and contents of all definitions. */
    public static Map<String, String> files() {
        var files = new LinkedHashMap<String, String>();
        for (Class<? extends ArgoResource<?>> kind : KINDS) {
            files.put(
                    ArgoResource.GROUP + "_" + HasMetadata.getPlural(kind) + ".yaml",
                    "# Made from libs/api by CustomResourceDefinitions; a test says how to make it anew.\n"
                            + Manifests.toYaml(of(kind)));
        }
        return files;
    }

    private static void addNames(ObjectNode names, Class<? extends ArgoResource<?>> kind) {
        names.put("kind", HasMetadata.getKind(kind)).put("listKind", HasMetadata.getKind(kind) + "List");
        names.put("plural", HasMetadata.getPlural(kind)).put("singular", HasMetadata.getSingular(kind));
        ArrayNode shortNames = names.putArray("shortNames");
        for (String name : kind.getAnnotation(ShortNames.class).value()) {
            shortNames.add(name);
        }
    }

    private static void addVersion(ObjectNode version, Class<? extends ArgoResource<?>> kind) {
        version.put("name", ArgoResource.VERSION).put("served", true).put("storage", true);
        version.putObject("schema").set("openAPIV3Schema", OpenApiSchema.ofKind(kind));
        if (kind == CronWorkflow.class
                || kind == WorkflowTaskSet.class) { // a Workflow's status is part of it, as in Argo's CRD
            version.putObject("subresources").putObject("status");
        }
        ArrayNode columns = version.putArray("additionalPrinterColumns");
        if (kind == Workflow.class) {
            addColumn(columns, "Status", "string", ".status.phase", "Phase of the workflow");
            addColumn(columns, "Age", "date", ".status.startedAt", "When the workflow started");
            addColumn(columns, "Progress", "string", ".status.progress", "Nodes done of nodes known");
            addColumn(columns, "Message", "string", ".status.message", "Why the workflow is in this phase");
        } else if (kind == CronWorkflow.class) {
            addColumn(columns, "Suspended", "boolean", ".spec.suspend", "Whether it starts nothing for now");
            addColumn(columns, "Last", "date", ".status.lastScheduledTime", "When it last started a workflow");
            addColumn(columns, "Age", "date", ".metadata.creationTimestamp", "When it was made");
        } else {
            addColumn(columns, "Age", "date", ".metadata.creationTimestamp", "When it was made");
        }
    }

    private static void addColumn(ArrayNode columns, String name, String type, String path, String description) {
        columns.addObject()
                .put("name", name)
                .put("type", type)
                .put("jsonPath", path)
                .put("description", description);
    }
}
