package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.auth.Caller;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.workflow.ManifestCheck.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Makes new workflows: from a manifest, from a template or a CronWorkflow, or from an earlier workflow. */
@ApplicationScoped
public class Submissions {
    private final ArgoObjects objects;
    private final ManifestCheck check;
    private final LargeSpecs large;
    private final Quota quota;
    private final Caller caller;

    public Submissions(ArgoObjects objects, ManifestCheck check, LargeSpecs large, Quota quota, Caller caller) {
        this.objects = objects;
        this.check = check;
        this.large = large;
        this.quota = quota;
        this.caller = caller;
    }

    /** How far to go with a new workflow. */
    public enum Depth {
        /** Only validated. */
        DRY_RUN,
        /** Validated, and shown to the Kubernetes API with its dry-run option. */
        SERVER_DRY_RUN,
        CREATE
    }

    /** Validates and creates. The namespace of the request wins over none; another one in the manifest is refused. */
    public ObjectNode create(String namespace, ObjectNode workflow, Depth depth) {
        ObjectNode prepared = prepare(ArgoKind.WORKFLOW, namespace, workflow);
        prepared.remove("status"); // callers may create workflows, but what has become of one is not theirs to say
        JsonNode spec = prepared.path("spec");
        ObjectNode created = switch (depth) {
            case DRY_RUN -> checked(namespace, prepared);
            case SERVER_DRY_RUN ->
                objects.create(ArgoKind.WORKFLOW, namespace, large.outlined(checked(namespace, prepared)), true);
            case CREATE -> objects.create(ArgoKind.WORKFLOW, namespace, asStored(namespace, prepared), false);
        };
        return LargeSpecs.withSpec(created, spec);
    }

    /** A valid workflow as it is to be created in the Kubernetes API; what of it is kept elsewhere is there when this returns. */
    ObjectNode asStored(String namespace, ObjectNode workflow) {
        ObjectNode checked = checked(namespace, prepare(ArgoKind.WORKFLOW, namespace, workflow));
        quota.require(namespace);
        return large.stored(namespace, checked);
    }

    private ObjectNode checked(String namespace, ObjectNode prepared) {
        LargeSpecs.forgetReference(prepared);
        label(prepared);
        check.require(ArgoKind.WORKFLOW, namespace, prepared, Purpose.RUN);
        return prepared;
    }

    /** Sets kind and namespace of an object that is to be created, and refuses one that says otherwise. */
    public static ObjectNode prepare(ArgoKind kind, String namespace, ObjectNode object) {
        String ownKind = object.path("kind").asText("");
        if (!ownKind.isEmpty() && !ownKind.equals(kind.kind())) {
            throw ApiException.invalid("kind: is \"" + ownKind + "\", must be \"" + kind.kind() + "\" here");
        }
        String apiVersion = object.path("apiVersion").asText("");
        if (!apiVersion.isEmpty() && !apiVersion.equals(ArgoKind.API_VERSION)) {
            throw ApiException.invalid(
                    "apiVersion: is \"" + apiVersion + "\", must be \"" + ArgoKind.API_VERSION + "\"");
        }
        object.put("apiVersion", ArgoKind.API_VERSION).put("kind", kind.kind());
        ObjectNode metadata = child(object, "metadata");
        if (kind.namespaced()) {
            String ownNamespace = metadata.path("namespace").asText("");
            if (!ownNamespace.isEmpty() && !ownNamespace.equals(namespace)) {
                throw ApiException.invalid("metadata.namespace: is \"" + ownNamespace
                        + "\", but the request is for namespace \"" + namespace + "\"");
            }
            metadata.put("namespace", namespace);
        }
        return object;
    }

    /** A new workflow from a WorkflowTemplate, ClusterWorkflowTemplate or CronWorkflow. */
    public ObjectNode submit(String namespace, String kind, String name, ObjectNode options) {
        ObjectNode workflow = JsonNodeFactory.instance.objectNode();
        switch (kind.toLowerCase(java.util.Locale.ROOT)) {
            case "workflowtemplate", "workflowtemplates", "wftmpl" -> fromTemplate(workflow, namespace, name, false);
            case "clusterworkflowtemplate", "clusterworkflowtemplates", "cwft" ->
                fromTemplate(workflow, namespace, name, true);
            case "cronworkflow", "cronworkflows", "cronwf", "cwf" -> fromCron(workflow, namespace, name);
            default ->
                throw ApiException.invalid(
                        "resourceKind: \"" + kind
                                + "\" is not supported for submitting; known: WorkflowTemplate, ClusterWorkflowTemplate, CronWorkflow");
        }
        SubmitOptions.apply(workflow, options);
        Depth depth = options.path("dryRun").asBoolean(false)
                ? Depth.DRY_RUN
                : options.path("serverDryRun").asBoolean(false) ? Depth.SERVER_DRY_RUN : Depth.CREATE;
        return create(namespace, workflow, depth);
    }

    private void fromTemplate(ObjectNode workflow, String namespace, String name, boolean cluster) {
        ArgoKind kind = cluster ? ArgoKind.CLUSTER_WORKFLOW_TEMPLATE : ArgoKind.WORKFLOW_TEMPLATE;
        ObjectNode template = objects.get(kind, namespace, name);
        ObjectNode metadata = child(workflow, "metadata").put("generateName", name + "-");
        child(metadata, "labels")
                .put("workflows.argoproj.io/" + (cluster ? "cluster-workflow-template" : "workflow-template"), name);
        ObjectNode spec = child(workflow, "spec");
        ObjectNode ref = spec.putObject("workflowTemplateRef").put("name", name);
        if (cluster) {
            ref.put("clusterScope", true);
        }
        spec.set("arguments", JsonNodeFactory.instance.objectNode());
        JsonNode workflowMetadata = template.path("spec").path("workflowMetadata");
        copyTexts(workflowMetadata.path("labels"), child(metadata, "labels"));
        copyTexts(workflowMetadata.path("annotations"), child(metadata, "annotations"));
    }

    private void fromCron(ObjectNode workflow, String namespace, String name) {
        ObjectNode cron = objects.get(ArgoKind.CRON_WORKFLOW, namespace, name);
        ObjectNode metadata = child(workflow, "metadata").put("generateName", name + "-");
        JsonNode wanted = cron.path("spec").path("workflowMetadata");
        copyTexts(wanted.path("labels"), child(metadata, "labels"));
        copyTexts(wanted.path("annotations"), child(metadata, "annotations"));
        child(metadata, "labels").put("workflows.argoproj.io/cron-workflow", name);
        ObjectNode owner = metadata.putArray("ownerReferences").addObject();
        owner.put("apiVersion", ArgoKind.API_VERSION)
                .put("kind", ArgoKind.CRON_WORKFLOW.kind())
                .put("name", name)
                .put("uid", cron.path("metadata").path("uid").asText())
                .put("controller", true)
                .put("blockOwnerDeletion", true);
        workflow.set("spec", cron.path("spec").path("workflowSpec").deepCopy());
    }

    /** A new workflow with the spec of this one. */
    public ObjectNode resubmit(WorkflowTree earlier, List<String> parameters) {
        return create(earlier.namespace(), Resubmission.of(earlier, parameters), Depth.CREATE);
    }

    private void label(ObjectNode workflow) {
        caller.creatorLabels().forEach(child(child(workflow, "metadata"), "labels")::put);
        removeIfEmpty(child(workflow, "metadata"), "labels");
    }

    private static void removeIfEmpty(ObjectNode parent, String field) {
        if (parent.path(field).isEmpty()) {
            parent.remove(field);
        }
    }

    private static void copyTexts(JsonNode from, ObjectNode to) {
        from.properties().forEach(e -> to.set(e.getKey(), e.getValue()));
    }

    /** The object at this field, made where it is missing. */
    static ObjectNode child(ObjectNode parent, String field) {
        return parent.get(field) instanceof ObjectNode present ? present : parent.putObject(field);
    }
}
