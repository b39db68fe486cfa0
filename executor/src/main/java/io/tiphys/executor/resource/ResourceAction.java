package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.ResourceTask;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Carries out a resource template's action; what kubectl would print as the object is the outcome. */
final class ResourceAction {
    private static final ObjectMapper JSON = UploaderClient.JSON;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final String FIELD_MANAGER = "kubectl-client-side-apply";

    private final KubeApi api;
    private final Targets targets;
    private final ResourceTask task;
    private final KubectlFlags flags;

    ResourceAction(KubeApi api, ResourceTask task, String defaultNamespace) throws KubectlException {
        this.api = api;
        this.targets = new Targets(new Discovery(api), defaultNamespace);
        this.task = task;
        this.flags = KubectlFlags.parse(task.flags());
    }

    /** The object that conditions and outputs are about; empty after {@code delete} and for a {@code get} that may find nothing. */
    Optional<Target> run(@Nullable String manifest) throws IOException {
        boolean isEmpty = manifest == null || manifest.isEmpty();
        if (isEmpty && task.flags().isEmpty()) {
            throw new ManifestException("Must provide at least one of flags or manifest.");
        }
        return switch (task.action()) {
            case "create" -> only(each(targets.of(manifest, flags), this::create));
            case "apply" -> only(each(targets.of(manifest, flags), this::apply));
            case "replace" -> only(each(targets.of(manifest, flags), this::replace));
            case "patch" -> Optional.of(patch(Objects.requireNonNullElse(manifest, "")));
            case "get" -> get(targets.of(manifest, flags));
            case "delete" -> {
                for (Target target : targets.of(manifest, flags)) {
                    delete(target);
                }
                yield Optional.empty();
            }
            default ->
                throw new KubectlException("action \"" + task.action()
                        + "\" is unknown; it must be get, create, apply, delete, replace or patch");
        };
    }

    private interface Step {
        JsonNode on(Target target) throws IOException;
    }

    private static List<Target> each(List<Target> targets, Step step) throws IOException {
        List<Target> answered = new ArrayList<>();
        for (Target target : targets) {
            answered.add(target.answered(step.on(target)));
        }
        return answered;
    }

    /** Argo reads the outcome as one object. */
    private static Optional<Target> only(List<Target> targets) throws ManifestException {
        if (targets.size() != 1) {
            throw new ManifestException("the manifest holds " + targets.size()
                    + " objects, all of which were dealt with; a resource template is about one");
        }
        return Optional.of(named(targets.getFirst()));
    }

    private static Target named(Target target) throws ManifestException {
        if (target.name() == null || target.name().isEmpty()) {
            throw new ManifestException(
                    "Kind and name are both required but at least one of them is missing from the manifest");
        }
        return target;
    }

    private JsonNode create(Target target) throws IOException {
        return api.send(
                "POST",
                target.collection(writing()),
                JSON.writeValueAsString(manifest(target)),
                KubeApi.JSON_TYPE,
                "error when creating \"" + Targets.MANIFEST + "\": ");
    }

    private Map<String, String> writing() {
        Map<String, String> query = new HashMap<>();
        query.put("fieldValidation", flags.fieldValidation());
        query.put(
                "fieldManager", Objects.requireNonNullElse(flags.option("field-manager"), "kubectl-" + task.action()));
        String dryRun = flags.option("dry-run");
        if (dryRun != null && !dryRun.equals("none")) {
            query.put("dryRun", "All");
        }
        return query;
    }

    /** Server-side, taking over fields that others own, as client-side apply does. */
    private JsonNode apply(Target target) throws IOException {
        if (target.name() == null) {
            throw new KubectlException("error: from " + target.manifest() + ": cannot use generate name with apply");
        }
        Map<String, String> query = writing();
        query.put("force", "true");
        query.put("fieldManager", Objects.requireNonNullElse(flags.option("field-manager"), FIELD_MANAGER));
        List<String> parts = new ArrayList<>();
        query.forEach((key, value) -> parts.add(key + "=" + value));
        return api.send(
                "PATCH",
                target.path() + "?" + String.join("&", parts),
                JSON.writeValueAsString(manifest(target)),
                "application/apply-patch+yaml",
                "error when applying patch: ");
    }

    private JsonNode replace(Target target) throws IOException {
        named(target);
        if (flags.isSet("force")) {
            delete(target);
            return create(target);
        }
        ObjectNode manifest = manifest(target);
        if (manifest.path("metadata").path("resourceVersion").asText("").isEmpty()) {
            String version = api.get(target.path())
                    .path("metadata")
                    .path("resourceVersion")
                    .asText();
            manifest.withObjectProperty("metadata").put("resourceVersion", version);
        }
        return api.send(
                "PUT",
                target.path(),
                JSON.writeValueAsString(manifest),
                KubeApi.JSON_TYPE,
                "error when replacing \"" + Targets.MANIFEST + "\": ");
    }

    /** The manifest is the patch; it also names the object unless flags do (Argo: resource.go, getKubectlArguments). */
    private Target patch(String manifest) throws IOException {
        String strategy = Objects.requireNonNullElse(task.mergeStrategy(), "strategic");
        List<JsonNode> documents = Targets.documents(manifest);
        if (documents.isEmpty()) {
            throw new KubectlException(
                    "error: must specify --patch or --patch-file containing the contents of the patch");
        }
        JsonNode patch = documents.getFirst();
        boolean byFlags = strategy.equals("json")
                || (!task.flags().isEmpty() && patch.path("kind").isMissingNode());
        Target target = named((byFlags ? targets.named(flags) : targets.of(manifest, flags)).getFirst());
        String type = switch (strategy) {
            case "json" -> "application/json-patch+json";
            case "merge" -> "application/merge-patch+json";
            case "strategic" -> "application/strategic-merge-patch+json";
            default ->
                throw new KubectlException(
                        "error: --type must be one of [json merge strategic], not \"" + strategy + "\"");
        };
        String sub = flags.option("subresource");
        return target.answered(api.send(
                "PATCH", target.path() + (sub == null ? "" : "/" + sub), JSON.writeValueAsString(patch), type, ""));
    }

    private Optional<Target> get(List<Target> wanted) throws IOException {
        Target target = named(wanted.getFirst());
        try {
            return Optional.of(target.answered(api.get(target.path())));
        } catch (ApiException e) {
            if (e.isNotFound() && flags.isSet("ignore-not-found")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void delete(Target target) throws IOException {
        if (target.name() != null) {
            deleteOne(target);
            return;
        }
        String selector = flags.option("selector");
        String fields = flags.option("field-selector");
        if (selector == null && fields == null && !flags.isSet("all")) {
            throw new KubectlException("error: resource(s) were provided, but no name was specified");
        }
        Map<String, String> query = new HashMap<>();
        if (selector != null) {
            query.put("labelSelector", selector);
        }
        if (fields != null) {
            query.put("fieldSelector", fields);
        }
        for (JsonNode item : api.get(target.collection(query)).path("items")) {
            deleteOne(target.answered(item));
        }
    }

    private void deleteOne(Target target) throws IOException {
        ObjectNode options =
                JSON.createObjectNode().put("kind", "DeleteOptions").put("apiVersion", "v1");
        options.put(
                "propagationPolicy",
                switch (Objects.requireNonNullElse(flags.option("cascade"), "background")) {
                    case "orphan", "false" -> "Orphan";
                    case "foreground" -> "Foreground";
                    default -> "Background";
                });
        String grace = flags.option("grace-period");
        if (flags.isSet("now")) {
            options.put("gracePeriodSeconds", 1);
        } else if (grace != null || flags.isSet("force")) {
            options.put("gracePeriodSeconds", grace == null ? 0 : Integer.parseInt(grace));
        }
        String uid;
        try {
            uid = api.get(target.path()).path("metadata").path("uid").asText();
            api.send("DELETE", target.path(), JSON.writeValueAsString(options), KubeApi.JSON_TYPE, "");
        } catch (ApiException e) {
            if (e.isNotFound()) {
                return;
            }
            throw e;
        }
        if (!"false".equals(flags.option("wait"))) {
            awaitGone(target, uid);
        }
    }

    private void awaitGone(Target target, String uid) throws IOException {
        while (true) {
            try {
                if (!api.get(target.path())
                        .path("metadata")
                        .path("uid")
                        .asText()
                        .equals(uid)) {
                    return;
                }
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    return;
                }
                throw e;
            }
            pause(BETWEEN_LOOKS);
        }
    }

    static void pause(Duration duration) throws InterruptedIOException {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for an object");
        }
    }

    private static ObjectNode manifest(Target target) throws KubectlException {
        ObjectNode manifest = target.manifest();
        if (manifest == null) {
            throw new KubectlException("error: must specify one of -f and -k");
        }
        return manifest;
    }
}
