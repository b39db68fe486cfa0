package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a workflow expects to find in its namespace, and what of it can be put there without knowing the case: things of which the manifest
 * says all that matters. These are limits of semaphores (any number will do), Secrets whose values are only passed on, and artifact
 * repositories, which are the system's own store under the name that the workflow uses. A quota of memory is made of what the case's words
 * say of it. Other ConfigMaps can't be made up.
 */
public final class Surroundings {
    private static final String REPOSITORIES = "artifact-repositories";
    private static final String DEFAULT_KEY = "default";
    private static final String LOGS = "service:artifact-repo with archiveLogs";
    /** The need of a quota, and how cases word which: {@code quota 130M}. */
    static final String QUOTA = "resourcequota";

    private static final Pattern QUOTA_OF_MEMORY = Pattern.compile("\\bquota (?:of )?(\\d+(?:\\.\\d+)?[kMGT]i?)\\b");
    /** Where the system keeps the limits of semaphores that Argo keeps in a database. */
    private static final String DATABASE = "workflow-sync-limits";

    /** So many may hold a semaphore at once. */
    private static final String LIMIT = "2";

    /** What every Secret holds that is made here. */
    public static final String SECRET_VALUE = "of-the-conformance-suite";

    /** Name → key → value. */
    private final Map<String, Map<String, String>> configMaps = new TreeMap<>();

    private final Map<String, Map<String, String>> secrets = new TreeMap<>();
    private final Set<String> wholeSecrets = new TreeSet<>();
    private final Set<String> unknownConfigMaps = new TreeSet<>();
    private final Set<String> repositories = new TreeSet<>();
    private String memoryQuota = "";
    private boolean bringsQuota;
    private boolean hasDefaultRepository;
    private boolean savesLogs;

    private Surroundings() {}

    /** What these documents expect and don't bring. */
    public static Surroundings of(ConformanceCase wanted, List<Manifest> documents) {
        Surroundings found = new Surroundings();
        documents.stream()
                .filter(document -> !Configuration.isOne(document))
                .forEach(document -> found.look(document.tree()));
        found.savesLogs = wanted.needs(LOGS);
        if (found.savesLogs || documents.stream().anyMatch(document -> Relocated.isNeededFor(document.tree()))) {
            found.hasDefaultRepository = true;
            found.repository(REPOSITORIES, DEFAULT_KEY);
        }
        found.bringsQuota =
                documents.stream().anyMatch(document -> document.kind().equals("ResourceQuota"));
        if (wanted.needs("service:" + QUOTA) && !found.bringsQuota) {
            Matcher said = QUOTA_OF_MEMORY.matcher(wanted.expected());
            found.memoryQuota = said.find() ? said.group(1) : "";
        }
        for (Manifest document : documents) {
            if (document.kind().equals("ConfigMap")) {
                found.configMaps.remove(document.name());
                found.unknownConfigMaps.remove(document.name());
                found.repositories.remove(document.name());
            }
            if (document.kind().equals("Secret")) {
                found.secrets.remove(document.name());
                found.wholeSecrets.remove(document.name());
            }
        }
        return found;
    }

    /** Whether all ConfigMaps are there, or can be made. */
    boolean hasConfigMaps() {
        return unknownConfigMaps.isEmpty() && configMaps.keySet().stream().noneMatch(Surroundings::isTemplated);
    }

    /** Whether all Secrets are there, or can be made; those of artifact storage are a matter of the storage. */
    boolean hasSecrets() {
        return secrets.keySet().containsAll(wholeSecrets)
                && secrets.keySet().stream().noneMatch(Surroundings::isTemplated);
    }

    boolean hasQuota() {
        return bringsQuota || !memoryQuota.isEmpty();
    }

    /**
     * The objects to create before the case's own.
     *
     * @param objectStore URL of the system's store, which speaks OSS and takes the services' own identity
     * @param bucket for what the case puts into its repositories
     */
    public List<JsonNode> objects(String objectStore, String bucket) {
        List<JsonNode> objects = new ArrayList<>();
        configMaps.forEach((name, values) -> {
            ObjectNode map = object("ConfigMap", name);
            ObjectNode data = map.putObject("data");
            values.forEach(
                    (key, value) -> data.put(key, repositories.contains(name) ? store(objectStore, bucket) : value));
            if (hasDefaultRepository && name.equals(REPOSITORIES)) {
                ((ObjectNode) map.path("metadata"))
                        .putObject("annotations")
                        .put("workflows.argoproj.io/default-artifact-repository", DEFAULT_KEY);
            }
            objects.add(map);
        });
        secrets.forEach((name, values) -> {
            ObjectNode secret = object("Secret", name);
            ObjectNode data = secret.putObject("stringData");
            values.forEach(data::put);
            objects.add(secret);
        });
        if (!memoryQuota.isEmpty()) {
            ObjectNode quota = object("ResourceQuota", "memory");
            quota.putObject("spec").putObject("hard").put("limits.memory", memoryQuota);
            objects.add(quota);
        }
        return objects;
    }

    private String store(String objectStore, String bucket) {
        ObjectNode repository = ApiJson.mapper().createObjectNode().put("archiveLogs", savesLogs);
        repository
                .putObject("oss")
                .put("endpoint", objectStore)
                .put("bucket", bucket)
                .put("createBucketIfNotPresent", true)
                .put("useSDKCreds", true)
                .put("keyFormat", "{{workflow.name}}/{{pod.name}}");
        return repository.toString();
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode object =
                ApiJson.mapper().createObjectNode().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name);
        return object;
    }

    private void look(JsonNode node) {
        node.properties().forEach(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "synchronization" -> {
                    semaphore(value.path("semaphore"));
                    value.path("semaphores").forEach(this::semaphore);
                }
                case "artifactRepositoryRef" ->
                    repository(
                            value.path("configMap").asText(REPOSITORIES),
                            value.path("key").asText(DEFAULT_KEY));
                case Relocated.FILES -> {
                    for (String credential : List.of("usernameSecret", "passwordSecret")) {
                        JsonNode reference = value.path(credential);
                        secret(reference, reference.path("name").asText(""));
                    }
                }
                case "secretKeyRef" -> secret(value, value.path("name").asText(""));
                case "secretRef" -> wholeSecret(value, value.path("name").asText(""));
                case "secret" -> wholeSecret(value, value.path("secretName").asText(""));
                case "configMapKeyRef", "configMapRef", "configMap" -> configMap(value);
                case "imagePullSecrets" -> {} // nobody waits for one that isn't there (Kubernetes: images, pull
                // secrets)
                default -> look(value);
            }
        });
        if (node.isArray()) {
            node.forEach(this::look);
        }
    }

    private void semaphore(JsonNode semaphore) {
        JsonNode limit = semaphore.path("configMapKeyRef");
        if (limit.isObject()) {
            put(configMaps, limit.path("name").asText(""), limit.path("key").asText(""), LIMIT);
        }
        JsonNode inDatabase = semaphore.path("database");
        if (inDatabase.isObject()) {
            put(configMaps, DATABASE, inDatabase.path("key").asText(""), LIMIT);
        }
    }

    private void repository(String configMap, String key) {
        repositories.add(configMap);
        put(configMaps, configMap, key, "");
    }

    private void configMap(JsonNode reference) {
        if (reference.isObject() && !reference.path("optional").asBoolean(false)) {
            unknownConfigMaps.add(reference.path("name").asText(""));
        }
    }

    private void secret(JsonNode reference, String name) {
        if (!name.isEmpty() && !reference.path("optional").asBoolean(false)) {
            put(secrets, name, reference.path("key").asText(""), SECRET_VALUE);
        }
    }

    private void wholeSecret(JsonNode reference, String name) {
        if (!name.isEmpty() && !reference.path("optional").asBoolean(false)) {
            wholeSecrets.add(name);
        }
    }

    private static void put(Map<String, Map<String, String>> objects, String name, String key, String value) {
        objects.computeIfAbsent(name, _ -> new TreeMap<>()).put(key, value);
    }

    private static boolean isTemplated(String name) {
        return name.isEmpty() || name.contains("{{");
    }
}
