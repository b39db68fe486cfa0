package io.tiphys.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ApiJson;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What Argo's controller ConfigMap says, in our settings' names (Argo: config/config.go; docs/reference/settings.md has the table).
 *
 * @param settings by name, e.g. {@code tiphys.controller.parallelism}
 * @param notices what of it has no meaning here, one sentence for each; for the log
 */
public record ArgoConfig(Map<String, String> settings, List<String> notices) {
    private static final Pattern WHOLE = Pattern.compile("\\d{1,18}");

    /** Keys that say one thing, and the setting that says the same. */
    static final Map<String, String> SCALARS = Map.of(
            "instanceID", "tiphys.instance-id",
            "parallelism", "tiphys.controller.parallelism",
            "namespaceParallelism", "tiphys.controller.namespace-parallelism",
            "namespace", "tiphys.submitter.managed-namespace",
            "navColor", "tiphys.submitter.nav-color");

    /** Keys whose content is taken as a whole, as JSON. */
    static final Map<String, String> DOCUMENTS = Map.of(
            "artifactDrivers", "tiphys.artifact-drivers",
            "artifactRepository", "tiphys.artifact-repository",
            "images", "tiphys.images",
            "mainContainer", "tiphys.main-container",
            "workflowDefaults", "tiphys.workflow-defaults",
            "links", "tiphys.submitter.links",
            "columns", "tiphys.submitter.columns");

    /** Keys with fields, and the setting for each field that has one. */
    static final Map<String, Map<String, String>> FIELDS = Map.of(
            "resourceRateLimit",
            Map.of(
                    "limit", "tiphys.resource-rate-limit.limit",
                    "burst", "tiphys.resource-rate-limit.burst"),
            "nodeEvents",
            Map.of(
                    "enabled", "tiphys.node-events.enabled",
                    "sendAsPod", "tiphys.node-events.send-as-pod"),
            "workflowEvents",
            Map.of("enabled", "tiphys.workflow-events.enabled"),
            "workflowRestrictions",
            Map.of("templateReferencing", "tiphys.workflow-restrictions.template-referencing"),
            "retentionPolicy",
            Map.of(
                    "completed", "tiphys.retention-policy.completed",
                    "failed", "tiphys.retention-policy.failed",
                    "errored", "tiphys.retention-policy.errored"),
            "failedPodRestart",
            Map.of(
                    "enabled", "tiphys.failed-pod-restart.enabled",
                    "maxRestarts", "tiphys.failed-pod-restart.max-restarts"),
            "persistence",
            Map.of("archive", "tiphys.archive.enabled"));

    /** Fields of {@code executor}, a container, by path. */
    static final Map<String, String> EXECUTOR = Map.of(
            "/imagePullPolicy", "tiphys.executor.image-pull-policy",
            "/resources/requests/cpu", "tiphys.executor.cpu-request",
            "/resources/requests/memory", "tiphys.executor.memory-request",
            "/resources/limits/memory", "tiphys.executor.memory-limit",
            "/securityContext", "tiphys.executor.security-context");

    private static final String POD_GC_DELAY = "podGCDeleteDelayDuration";

    /** Keys that Argo knows and that have nothing to say to us, with the reason. */
    private static final Map<String, String> WITHOUT_MEANING = Map.ofEntries(
            Map.entry("kubeConfig", "pods need no access to the Kubernetes API here"),
            Map.entry("metricsConfig", "metrics are at /metrics of the service's own port"),
            Map.entry("telemetryConfig", "metrics are at /metrics of the service's own port"),
            Map.entry("podSpecLogStrategy", "pods are not written to the log"),
            Map.entry("initlessPod", "no pod has an init container for staging here"),
            Map.entry("initialDelay", "workflows are taken up as soon as they are seen"),
            Map.entry("podGCGracePeriodSeconds", "pods are deleted with the grace period that they have themselves"),
            Map.entry("sso", "single sign-on is set with the submitter's own settings"),
            Map.entry("synchronization", "locks are kept on Kafka, not in a database"),
            Map.entry("disableAgentPodCreation", "agents of others aren't listened to"));

    public ArgoConfig {
        settings = Map.copyOf(settings);
        notices = List.copyOf(notices);
    }

    /**
     * Reads the ConfigMap's data: either one entry {@code config} with everything, or an entry for each key.
     *
     * @throws IllegalArgumentException what can't be read or isn't of the kind that it should be; names the key
     */
    public static ArgoConfig of(Map<String, String> data) {
        Map<String, JsonNode> keys = new TreeMap<>();
        String whole = data.get("config");
        if (whole != null && data.size() > 1) {
            throw new IllegalArgumentException("the ConfigMap has an entry \"config\" and others ("
                    + String.join(", ", new TreeMap<>(data).keySet())
                    + "); it may have either \"config\" alone or an entry for each key");
        }
        if (whole != null) {
            JsonNode all = tree("config", whole);
            if (!all.isObject() && !all.isNull()) {
                throw new IllegalArgumentException("config: must be a YAML object");
            }
            all.properties().forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
        } else {
            data.forEach((key, text) -> keys.put(key, tree(key, text)));
        }
        Reading reading = new Reading();
        keys.forEach(reading::take);
        return new ArgoConfig(reading.settings, reading.notices);
    }

    private static final class Reading {
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<String> notices = new ArrayList<>();

        void take(String key, JsonNode value) {
            if (value.isNull()) {
                return;
            }
            if (SCALARS.containsKey(key)) {
                settings.put(SCALARS.get(key), scalar(key, value));
            } else if (DOCUMENTS.containsKey(key)) {
                settings.put(DOCUMENTS.get(key), document(key, value));
            } else if (FIELDS.containsKey(key)) {
                fields(key, object(key, value), FIELDS.get(key));
            } else if (key.equals("executor")) {
                executor(object(key, value));
            } else if (key.equals(POD_GC_DELAY)) {
                settings.put("tiphys.controller.pod-gc-delay", duration(key, scalar(key, value)));
            } else if (WITHOUT_MEANING.containsKey(key)) {
                notices.add(key + " has no effect: " + WITHOUT_MEANING.get(key));
            } else {
                notices.add(key + " has no effect: it is no key that Argo's controller knows");
            }
        }

        private void fields(String key, ObjectNode value, Map<String, String> known) {
            each(value, (field, content) -> {
                String setting = known.get(field);
                if (setting == null) {
                    notices.add(key + "." + field + " has no effect");
                } else {
                    settings.put(setting, scalar(key + "." + field, content));
                }
            });
        }

        private void executor(ObjectNode container) {
            EXECUTOR.forEach((path, setting) -> {
                JsonNode content = container.at(path);
                if (!content.isMissingNode() && !content.isNull()) {
                    settings.put(
                            setting,
                            content.isContainerNode()
                                    ? content.toString()
                                    : scalar("executor" + path.replace('/', '.'), content));
                }
            });
            each(container, (field, _) -> {
                if (EXECUTOR.keySet().stream().noneMatch(path -> (path + "/").startsWith("/" + field + "/"))) {
                    notices.add("executor." + field + " has no effect: it is about Argo's executor");
                }
            });
        }

        private static void each(ObjectNode object, BiConsumer<String, JsonNode> action) {
            object.properties().stream()
                    .filter(entry -> !entry.getValue().isNull())
                    .forEach(entry -> action.accept(entry.getKey(), entry.getValue()));
        }
    }

    private static JsonNode tree(String key, String text) {
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(false);
            Object value = new Yaml(new SafeConstructor(options)).load(text);
            return ApiJson.mapper().valueToTree(value);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(key + ": is no YAML: " + e.getMessage(), e);
        }
    }

    private static ObjectNode object(String key, JsonNode value) {
        if (value instanceof ObjectNode object) {
            return object;
        }
        throw new IllegalArgumentException(key + ": is " + value + ", must be an object with fields");
    }

    private static String document(String key, JsonNode value) {
        if (!value.isContainerNode()) {
            throw new IllegalArgumentException(key + ": is " + value + ", must be an object or a list");
        }
        return value.toString();
    }

    private static String scalar(String key, JsonNode value) {
        if (value.isContainerNode()) {
            throw new IllegalArgumentException(key + ": is " + value + ", must be a single value");
        }
        return value.asText();
    }

    /** Go's duration, or what Kubernetes makes of a whole number (nanoseconds), as an ISO duration. */
    private static String duration(String key, String text) {
        if (WHOLE.matcher(text).matches()) {
            return Duration.ofNanos(Long.parseLong(text)).toString();
        }
        return GoDuration.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        key + ": is \"" + text + "\", must be a duration such as 5s or 1m30s"))
                .toString();
    }
}
