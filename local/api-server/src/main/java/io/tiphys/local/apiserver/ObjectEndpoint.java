package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The verbs on collections, objects and subresources. */
final class ObjectEndpoint {
    private static final String PATCH_TYPES = "application/json-patch+json, application/merge-patch+json,"
            + " application/strategic-merge-patch+json (built-in types) or application/apply-patch+yaml";

    private final Store store;
    private final Resources resources;
    private final Listing listing;
    private final PodLogs logs;

    ObjectEndpoint(Store store, Resources resources, PodLogs logs) {
        this.store = store;
        this.resources = resources;
        this.listing = new Listing(store);
        this.logs = logs;
    }

    void collection(Request request, ResourceType type, String namespace) throws IOException, InterruptedException {
        @Nullable String in = namespace.isEmpty() ? null : namespace;
        switch (request.method()) {
            case "GET", "HEAD" -> {
                Listing.Selection selection = Listing.Selection.of(type, in, request);
                if (request.flag("watch")) {
                    new WatchStream(store, selection, request).serve(request);
                } else {
                    request.answer(200, "application/json", listing.list(selection, request));
                }
            }
            case "POST" -> {
                if (type.namespaced() && in == null) {
                    throw ApiException.methodNotAllowed();
                }
                answer(request, 201, resources.create(type, namespace, request.object(), request.dryRun()));
            }
            case "DELETE" -> deleteCollection(request, Listing.Selection.of(type, in, request));
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void deleteCollection(Request request, Listing.Selection selection) throws IOException {
        DeleteOptions options = DeleteOptions.of(request.optionalBody(), request.query());
        ResourceType type = selection.type();
        List<StoredObject> selected = new ArrayList<>();
        for (StoredObject object : store.objects(type).after(selection.namespace(), null)) {
            if (selection.matches(object)) {
                selected.add(object);
            }
        }
        ObjectNode list = Json.object().put("kind", type.kind() + "List").put("apiVersion", type.apiVersion());
        list.putObject("metadata")
                .put("resourceVersion", Long.toString(store.snapshot(type).revision()));
        var items = list.putArray("items");
        for (StoredObject object : selected) {
            try {
                resources.delete(type, object.namespace(), object.name(), options);
                items.add(object.toNode());
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
        request.answer(200, list);
    }

    void object(Request request, ResourceType type, String namespace, String name) throws IOException {
        if (type.namespaced() && namespace.isEmpty()) {
            throw ApiException.noSuchPath();
        }
        Resources.Target target = new Resources.Target(type, namespace, name, false);
        switch (request.method()) {
            case "GET", "HEAD" -> get(request, type, store.get(type, namespace, name));
            case "PUT" -> put(request, target);
            case "PATCH" -> patch(request, target);
            case "DELETE" -> delete(request, target);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private static void get(Request request, ResourceType type, StoredObject object) throws IOException {
        if (request.wantsTable()) {
            ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(object.resourceVersion()));
            String include = request.query().getOrDefault("includeObject", "Metadata");
            request.answer(200, Tables.render(type, List.of(object), metadata, include));
        } else {
            answer(request, 200, object);
        }
    }

    private static void answer(Request request, int code, StoredObject object) throws IOException {
        request.answer(code, "application/json", request.wantsMetadataOnly() ? object.metadataOnly() : object.json());
    }

    private void put(Request request, Resources.Target target) throws IOException {
        ObjectNode wanted = request.object();
        answer(request, 200, resources.update(target, request.dryRun(), _ -> wanted));
    }

    private void patch(Request request, Resources.Target target) throws IOException {
        String type = request.contentType();
        boolean apply = type.equals("application/apply-patch+yaml");
        JsonNode patch = Json.parse(request.body(), apply);
        boolean custom = target.type().custom();
        UnaryOperator<ObjectNode> edit = switch (type) {
            case "application/json-patch+json" -> object -> asObject(JsonPatch.apply(object, patch));
            case "application/merge-patch+json" -> object -> asObject(MergePatch.merge(object, patch));
            case "application/strategic-merge-patch+json" -> {
                if (custom) {
                    throw ApiException.unsupportedMediaType(type, PATCH_TYPES);
                }
                yield object -> MergePatch.mergeStrategically(object, asObject(patch));
            }
            case "application/apply-patch+yaml" ->
                custom
                        ? object -> asObject(MergePatch.merge(object, withoutManagedFields(patch)))
                        : object -> MergePatch.mergeStrategically(object, withoutManagedFields(patch));
            default -> throw ApiException.unsupportedMediaType(type, PATCH_TYPES);
        };
        if (apply && !target.statusOnly() && store.find(target.type(), target.namespace(), target.name()) == null) {
            ObjectNode object = withoutManagedFields(patch);
            Json.metadata(object).put("name", target.name());
            answer(request, 201, resources.create(target.type(), target.namespace(), object, request.dryRun()));
            return;
        }
        boolean readsMetadataOnly = custom
                && !request.dryRun()
                && type.equals("application/merge-patch+json")
                && patch.properties().stream().allMatch(entry -> entry.getKey().equals("metadata"));
        answer(
                request,
                200,
                readsMetadataOnly
                        ? resources.updateMetadata(target, edit)
                        : resources.update(target, request.dryRun(), edit));
    }

    private static ObjectNode asObject(JsonNode node) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw ApiException.badRequest("the patch has to be, and to lead to, an object");
    }

    private static ObjectNode withoutManagedFields(JsonNode patch) {
        ObjectNode object = asObject(patch).deepCopy();
        Json.metadata(object).remove("managedFields");
        return object;
    }

    private void delete(Request request, Resources.Target target) throws IOException {
        DeleteOptions options = DeleteOptions.of(request.optionalBody(), request.query());
        ResourceType type = target.type();
        Resources.Deletion deletion = resources.delete(type, target.namespace(), target.name(), options);
        if (!deletion.gone() || type.isPod()) {
            answer(request, 200, deletion.object());
            return;
        }
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success")
                .putObject("details")
                .put("name", target.name())
                .put("group", type.group())
                .put("kind", type.plural())
                .put("uid", deletion.object().uid());
        request.answer(200, status);
    }

    void subresource(Request request, ResourceType type, String namespace, String name, String subresource)
            throws IOException, InterruptedException {
        switch (subresource) {
            case "status" -> status(request, type, namespace, name);
            case "log" -> {
                requirePod(type, request, "GET");
                logs.serve(request, namespace, name);
            }
            case "binding" -> {
                requirePod(type, request, "POST");
                bind(request, type, namespace, name);
            }
            case "eviction" -> {
                requirePod(type, request, "POST");
                JsonNode body = request.optionalBody();
                JsonNode options = body == null ? null : body.get("deleteOptions");
                resources.delete(type, namespace, name, DeleteOptions.of(options, request.query()));
                request.answer(201, success());
            }
            case "finalize" -> answer(request, 200, store.get(type, namespace, name));
            case "token" -> token(request, type, namespace, name);
            default -> throw ApiException.noSuchPath();
        }
    }

    private static void requirePod(ResourceType type, Request request, String method) {
        if (!type.isPod()) {
            throw ApiException.noSuchPath();
        }
        if (!request.method().equals(method)) {
            throw ApiException.methodNotAllowed();
        }
    }

    private void status(Request request, ResourceType type, String namespace, String name) throws IOException {
        if (!type.hasStatus()) {
            throw ApiException.noSuchPath();
        }
        Resources.Target target = new Resources.Target(type, namespace, name, true);
        switch (request.method()) {
            case "GET" -> answer(request, 200, store.get(type, namespace, name));
            case "PUT" -> put(request, target);
            case "PATCH" -> patch(request, target);
            default -> throw ApiException.methodNotAllowed();
        }
    }

    private void bind(Request request, ResourceType type, String namespace, String name) throws IOException {
        String node = Json.text("", request.object(), "target", "name");
        resources.update(new Resources.Target(type, namespace, name, false), request.dryRun(), pod -> {
            ObjectNode spec = Json.child(pod, "spec");
            if (!Json.text("", spec, "nodeName").isEmpty()) {
                throw ApiException.conflict(
                        type, name, "pod is already assigned to node " + Json.text(spec, "nodeName"));
            }
            spec.put("nodeName", node);
            return pod;
        });
        request.answer(201, success());
    }

    private void token(Request request, ResourceType type, String namespace, String name) throws IOException {
        if (!type.is("", "serviceaccounts")) {
            throw ApiException.noSuchPath();
        }
        StoredObject account = store.get(type, namespace, name);
        ObjectNode answer = request.object();
        Json.child(answer, "status")
                .put("token", "local-" + account.uid())
                .put("expirationTimestamp", Instant.now().plusSeconds(3600).toString());
        request.answer(201, answer);
    }

    private static ObjectNode success() {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        return status.put("status", "Success").put("code", 201);
    }
}
