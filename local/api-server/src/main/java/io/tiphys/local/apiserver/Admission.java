package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What an object has to look like to be stored, and what the server fills in. */
final class Admission {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]*[a-z0-9])?");
    private static final Pattern PATH_SEGMENT = Pattern.compile("[^/%]+");
    private static final int MAX_NAME = 253;
    /** What is left of a prefix: Kubernetes keeps generated names within a label. */
    private static final int MAX_GENERATED = 63 - 5;

    private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
    private static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final List<String> SERVER_OWNED = List.of("uid", "creationTimestamp", "generation", "selfLink");

    private Admission() {}

    /** Checks and completes a new object. */
    static void prepareCreate(ResourceType type, String namespace, ObjectNode object) {
        checkTypeAndNamespace(type, namespace, object);
        ObjectNode metadata = Json.metadata(object);
        String name = Json.text("", metadata, "name");
        String prefix = Json.text("", metadata, "generateName");
        if (name.isEmpty() && prefix.isEmpty()) {
            throw ApiException.invalid(type, "", "metadata.name: Required value: name or generateName is required");
        }
        if (name.isEmpty()) {
            name = prefix.substring(0, Math.min(prefix.length(), MAX_GENERATED)) + randomSuffix();
            metadata.put("name", name);
        }
        checkName(type, name);
        if (metadata.hasNonNull("resourceVersion")
                && !metadata.path("resourceVersion").asText().isEmpty()) {
            throw ApiException.badRequest("resourceVersion should not be set on objects to be created");
        }
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds"));
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Json.now());
        if (type.custom() || object.has("spec")) {
            metadata.put("generation", 1);
        }
        if (type.custom() && type.hasStatus()) {
            object.remove("status");
        }
        complete(type, object);
    }

    static void checkTypeAndNamespace(ResourceType type, String namespace, ObjectNode object) {
        String apiVersion = Json.text(type.apiVersion(), object, "apiVersion");
        String kind = Json.text(type.kind(), object, "kind");
        if (!apiVersion.equals(type.apiVersion()) || !kind.equals(type.kind())) {
            throw ApiException.badRequest("the object is a " + apiVersion + " " + kind + ", but the URL is for "
                    + type.apiVersion() + " " + type.kind());
        }
        object.put("apiVersion", apiVersion).put("kind", kind);
        if (object.has("metadata") && !object.get("metadata").isObject()) {
            throw ApiException.badRequest("metadata: expected an object, got "
                    + object.get("metadata").getNodeType().name().toLowerCase(Locale.ROOT));
        }
        ObjectNode metadata = Json.metadata(object);
        checkStrings(metadata, "labels");
        checkStrings(metadata, "annotations");
        String own = Json.text("", metadata, "namespace");
        if (type.namespaced()) {
            if (!own.isEmpty() && !own.equals(namespace)) {
                throw ApiException.badRequest(
                        "the namespace of the provided object does not match the namespace sent on" + " the request: \""
                                + own + "\" and \"" + namespace + "\"");
            }
            metadata.put("namespace", namespace);
        } else {
            metadata.remove("namespace");
        }
    }

    private static void checkStrings(ObjectNode metadata, String field) {
        JsonNode map = metadata.get(field);
        if (map == null || map.isNull()) {
            return;
        }
        if (!map.isObject() || map.valueStream().anyMatch(value -> !value.isTextual())) {
            throw ApiException.badRequest("metadata." + field + ": expected a map of strings to strings");
        }
    }

    private static void checkName(ResourceType type, String name) {
        boolean freeForm = type.group().equals("rbac.authorization.k8s.io");
        Pattern allowed = freeForm ? PATH_SEGMENT : NAME;
        if (name.length() > MAX_NAME || !allowed.matcher(name).matches()) {
            throw ApiException.invalid(
                    type,
                    name,
                    "metadata.name: Invalid value: \"" + name
                            + "\": a lowercase RFC 1123 subdomain must consist of lower case"
                            + " alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character,"
                            + " at most " + MAX_NAME + " characters");
        }
    }

    private static String randomSuffix() {
        StringBuilder suffix = new StringBuilder(5);
        for (int i = 0; i < 5; i++) {
            suffix.append(SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
        }
        return suffix.toString();
    }

    /** Checks an update against what is stored, keeps what clients can't change, and counts generations. */
    static void prepareUpdate(ResourceType type, ObjectNode current, ObjectNode changed, boolean statusOnly) {
        ObjectNode before = Json.metadata(current);
        ObjectNode after = Json.metadata(changed);
        String name = Json.text("", before, "name");
        String sent = Json.text("", after, "resourceVersion");
        if (!sent.isEmpty() && !sent.equals("0") && !sent.equals(Json.text(before, "resourceVersion"))) {
            throw ApiException.conflict(
                    type,
                    name,
                    "the object has been modified; please apply your changes to the latest version and try again");
        }
        String uid = Json.text("", after, "uid");
        if (!uid.isEmpty() && !uid.equals(Json.text(before, "uid"))) {
            throw ApiException.conflict(
                    type,
                    name,
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: "
                            + Json.text(before, "uid"));
        }
        keep(before, after, "name");
        keep(before, after, "namespace");
        SERVER_OWNED.forEach(field -> keep(before, after, field));
        keep(before, after, "deletionTimestamp");
        keep(before, after, "deletionGracePeriodSeconds");
        if (statusOnly) {
            keepAllButStatus(current, changed);
        } else if (type.hasStatus()) {
            keep(current, changed, "status");
        }
        if (before.has("generation") && !withoutStatus(current).equals(withoutStatus(changed))) {
            after.put("generation", before.path("generation").asLong() + 1);
        }
        if (!statusOnly) {
            complete(type, changed);
        }
    }

    private static void keepAllButStatus(ObjectNode current, ObjectNode changed) {
        JsonNode status = changed.get("status");
        changed.removeAll();
        changed.setAll(current.deepCopy());
        if (status == null || status.isNull()) {
            changed.remove("status");
        } else {
            changed.set("status", status);
        }
    }

    private static ObjectNode withoutStatus(ObjectNode object) {
        ObjectNode rest = Json.object();
        object.properties().stream()
                .filter(entry ->
                        !entry.getKey().equals("status") && !entry.getKey().equals("metadata"))
                .forEach(entry -> rest.set(entry.getKey(), entry.getValue()));
        return rest;
    }

    private static void keep(ObjectNode from, ObjectNode to, String field) {
        JsonNode value = from.get(field);
        if (value == null) {
            to.remove(field);
        } else {
            to.set(field, value);
        }
    }

    private static void complete(ResourceType type, ObjectNode object) {
        switch (type.qualifiedPlural()) {
            case "pods" -> completePod(type, object);
            case "namespaces" -> {
                ObjectNode status = Json.child(object, "status");
                if (!status.has("phase")) {
                    status.put("phase", "Active");
                }
            }
            case "secrets" -> completeSecret(object);
            case "persistentvolumeclaims" -> completeClaim(type, object);
            case "resourcequotas" -> object.path("spec").path("hard").forEach(amount -> Amount.parse(amount.asText()));
            case "jobs.batch" -> JobDefaults.complete(type, object);
            case "customresourcedefinitions" -> completeDefinition(type, object);
            default -> {}
        }
    }

    private static void completePod(ResourceType type, ObjectNode pod) {
        ObjectNode spec = Json.child(pod, "spec");
        if (!(spec.get("containers") instanceof ArrayNode containers) || containers.isEmpty()) {
            throw ApiException.invalid(
                    type,
                    Json.text("", pod, "metadata", "name"),
                    "spec.containers: Required value: a pod needs a container");
        }
        checkVolumeMounts(type, pod, "initContainers");
        checkVolumeMounts(type, pod, "containers");
        ifAbsent(spec, "restartPolicy", "Always");
        ifAbsent(spec, "dnsPolicy", "ClusterFirst");
        ifAbsent(spec, "schedulerName", "default-scheduler");
        ifAbsent(spec, "serviceAccountName", "default");
        if (!spec.has("terminationGracePeriodSeconds")) {
            spec.put("terminationGracePeriodSeconds", 30);
        }
        ObjectNode status = Json.child(pod, "status");
        ifAbsent(status, "phase", "Pending");
        ifAbsent(status, "qosClass", "BestEffort");
    }

    private static void checkVolumeMounts(ResourceType type, ObjectNode pod, String kind) {
        Set<String> volumes = new HashSet<>();
        pod.path("spec")
                .path("volumes")
                .forEach(volume -> volumes.add(volume.path("name").asText()));
        JsonNode containers = pod.path("spec").path(kind);
        for (int i = 0; i < containers.size(); i++) {
            JsonNode mounts = containers.get(i).path("volumeMounts");
            for (int j = 0; j < mounts.size(); j++) {
                String name = mounts.get(j).path("name").asText("");
                if (!volumes.contains(name)) {
                    throw ApiException.invalid(
                            type,
                            Json.text("", pod, "metadata", "name"),
                            "spec.%s[%d].volumeMounts[%d].name: Not found: \"%s\"".formatted(kind, i, j, name));
                }
            }
        }
    }

    private static void ifAbsent(ObjectNode object, String field, String value) {
        if (!object.hasNonNull(field)) {
            object.put(field, value);
        }
    }

    private static void completeSecret(ObjectNode secret) {
        ifAbsent(secret, "type", "Opaque");
        if (secret.remove("stringData") instanceof ObjectNode plain) {
            ObjectNode encoded = Json.child(secret, "data");
            plain.properties()
                    .forEach(entry -> encoded.put(
                            entry.getKey(),
                            Base64.getEncoder()
                                    .encodeToString(entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
        }
    }

    /** There is one disk, so a claim is bound at once. */
    private static void completeClaim(ResourceType type, ObjectNode claim) {
        for (JsonNode mode : claim.path("spec").path("accessModes")) {
            if (!ACCESS_MODES.contains(mode.asText())) {
                throw ApiException.invalid(
                        type,
                        Json.text("", claim, "metadata", "name"),
                        "spec.accessModes: Unsupported value: \"" + mode.asText() + "\": supported values: "
                                + ACCESS_MODES.stream()
                                        .map(known -> '"' + known + '"')
                                        .collect(Collectors.joining(", ")));
            }
        }
        ObjectNode status = Json.child(claim, "status");
        ifAbsent(status, "phase", "Bound");
        JsonNode requests = claim.path("spec").path("resources").path("requests");
        if (requests.isObject()) {
            status.set("capacity", requests.deepCopy());
        }
        if (claim.path("spec").path("accessModes").isArray()) {
            status.set("accessModes", claim.path("spec").path("accessModes").deepCopy());
        }
    }

    private static void completeDefinition(ResourceType type, ObjectNode definition) {
        String name = Json.text("", definition, "metadata", "name");
        JsonNode spec = definition.path("spec");
        String expected = Json.text("", spec, "names", "plural") + "." + Json.text("", spec, "group");
        if (!name.equals(expected)) {
            throw ApiException.invalid(
                    type,
                    name,
                    "metadata.name: Invalid value: must be spec.names.plural+\".\"+spec.group: " + expected);
        }
        ObjectNode status = Json.child(definition, "status");
        status.set("acceptedNames", spec.path("names").deepCopy());
        ArrayNode conditions = status.putArray("conditions");
        for (String condition : List.of("NamesAccepted", "Established")) {
            conditions.addObject().put("type", condition).put("status", "True");
        }
        ArrayNode stored = status.putArray("storedVersions");
        spec.path("versions").forEach(version -> stored.add(version.path("name").asText()));
    }
}
