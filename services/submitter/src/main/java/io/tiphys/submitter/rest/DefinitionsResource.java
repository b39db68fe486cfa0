package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.workflow.Definitions;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;

/**
 * What the resources of templates, cluster templates and cron workflows have in common: reading the request and handing it on.
 * The paths are the subclasses', since a cluster template has no namespace.
 */
abstract class DefinitionsResource {
    private final ArgoKind kind;
    private final String field;
    private final Definitions definitions;
    private final Requests requests;

    /**
     * For one kind.
     *
     * @param field where a request carries the object
     */
    DefinitionsResource(ArgoKind kind, String field, Definitions definitions, Requests requests) {
        this.kind = kind;
        this.field = field;
        this.definitions = definitions;
        this.requests = requests;
    }

    Definitions definitions() {
        return definitions;
    }

    ObjectNode listed(String namespace, UriInfo uri) {
        MultivaluedMap<String, String> query = uri.getQueryParameters();
        Selection selection = new Selection(
                ListQuery.text(query, "listOptions.labelSelector"), ListQuery.text(query, "listOptions.fieldSelector"));
        return definitions.list(kind, namespace, selection, ListQuery.text(query, "namePattern"));
    }

    ObjectNode created(String namespace, InputStream body) {
        ObjectNode request = requests.read(body);
        boolean dryRun = !request.path("createOptions").path("dryRun").isEmpty();
        return definitions.create(kind, namespace, Requests.object(request, field), dryRun);
    }

    ObjectNode linted(String namespace, InputStream body) {
        return definitions.lint(kind, namespace, Requests.object(requests.read(body), field));
    }

    ObjectNode found(String namespace, String name) {
        return definitions.get(kind, namespace, name);
    }

    ObjectNode updated(String namespace, String name, InputStream body) {
        return definitions.update(kind, namespace, name, Requests.object(requests.read(body), field));
    }

    ObjectNode deleted(String namespace, String name) {
        definitions.delete(kind, namespace, name);
        return JsonNodeFactory.instance.objectNode();
    }
}
