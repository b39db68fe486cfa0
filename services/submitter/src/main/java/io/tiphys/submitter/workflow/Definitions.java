package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.auth.Caller;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.workflow.ManifestCheck.Purpose;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The kinds that are kept and checked but don't run by themselves: templates, cluster templates, cron workflows. */
@ApplicationScoped
public class Definitions {
    private final ArgoObjects objects;
    private final ManifestCheck check;
    private final Caller caller;
    private final ObjectMapper json;

    public Definitions(ArgoObjects objects, ManifestCheck check, Caller caller, ObjectMapper json) {
        this.objects = objects;
        this.check = check;
        this.caller = caller;
        this.json = json;
    }

    /**
     * Sorted by namespace and name.
     *
     * @param namespace empty for all, or for a kind without namespaces
     * @param namePattern Argo's: text that the name must contain; empty for all
     */
    public ObjectNode list(ArgoKind kind, String namespace, Selection selection, String namePattern) {
        List<ObjectNode> found = new ArrayList<>();
        String version = objects.forEach(kind, namespace, selection, item -> {
            if (name(item).contains(namePattern)) {
                found.add(item);
            }
        });
        found.sort(Comparator.comparing((ObjectNode item) ->
                        item.path("metadata").path("namespace").asText(""))
                .thenComparing(Definitions::name));
        ObjectNode list = json.createObjectNode();
        list.putObject("metadata").put("resourceVersion", version);
        ArrayNode items = list.putArray("items");
        found.forEach(items::add);
        return list;
    }

    public ObjectNode get(ArgoKind kind, String namespace, String name) {
        return objects.get(kind, namespace, name);
    }

    public ObjectNode create(ArgoKind kind, String namespace, ObjectNode object, boolean dryRun) {
        ObjectNode prepared = lint(kind, namespace, object);
        ObjectNode labels = Submissions.child(Submissions.child(prepared, "metadata"), "labels");
        caller.creatorLabels().forEach(labels::put);
        if (labels.isEmpty()) {
            Submissions.child(prepared, "metadata").remove("labels");
        }
        return dryRun ? prepared : objects.create(kind, namespace, prepared, false);
    }

    /** The object as it would be created, or a refusal that names every problem. */
    public ObjectNode lint(ArgoKind kind, String namespace, ObjectNode object) {
        ObjectNode prepared = Submissions.prepare(kind, namespace, object);
        check.require(kind, namespace, prepared, Purpose.LINT);
        return prepared;
    }

    /** Replaces; the object must carry the resourceVersion that its sender has seen. */
    public ObjectNode update(ArgoKind kind, String namespace, String name, ObjectNode object) {
        ObjectNode prepared = lint(kind, namespace, object);
        ObjectNode metadata = Submissions.child(prepared, "metadata");
        if (!name.isEmpty() && !metadata.path("name").asText(name).equals(name)) {
            throw ApiException.invalid("metadata.name: is \""
                    + metadata.path("name").asText() + "\", but the request is for \"" + name + "\"");
        }
        metadata.put("name", name);
        if (metadata.path("resourceVersion").asText("").isEmpty()) {
            throw ApiException.invalid(
                    "metadata.resourceVersion: must be specified for an update; get the object first and send its version");
        }
        return objects.replace(kind, namespace, prepared);
    }

    public void delete(ArgoKind kind, String namespace, String name) {
        if (!objects.delete(kind, namespace, name)) {
            throw ArgoObjects.notFound(kind, name);
        }
    }

    /** Suspends or resumes a CronWorkflow. */
    public ObjectNode suspendCron(String namespace, String name, boolean suspend) {
        objects.get(ArgoKind.CRON_WORKFLOW, namespace, name);
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("spec").put("suspend", suspend);
        caller.actorLabels(suspend ? "Suspend" : "Resume")
                .forEach((key, value) -> patch.withObject("/metadata/labels").put(key, value));
        return objects.mergePatch(ArgoKind.CRON_WORKFLOW, namespace, name, patch);
    }

    private static String name(ObjectNode item) {
        return item.path("metadata").path("name").asText("");
    }
}
