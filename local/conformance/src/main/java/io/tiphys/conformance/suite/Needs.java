package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Manifest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Which needs can be met on one machine with a local system. */
public final class Needs {
    /** Services that a local system has. */
    private static final Set<String> SERVICES = Set.of("artifact-repo", "event-api", "agent");
    /** Images for which a local node has stand-ins, or for which the machine's own files do. */
    private static final Pattern IMAGES = Pattern.compile(
            "(docker\\.io/)?(library/)?"
                    + "(argoproj/argosay|docker/whalesay|rancher/cowsay|alpine|busybox|debian|ubuntu|bash|fedora|centos|python)(:[\\w.-]+)?");

    /** Kinds of artifact storage that a local system doesn't have. */
    private static final List<String> STORAGES =
            List.of("s3", "gcs", "azure", "hdfs", "artifactory", "git", "http", "plugin");

    private static final Pattern CONTROLLED =
            Pattern.compile("(?m)^\\s*kind:\\s*(Job|CronJob|Deployment|ReplicaSet|StatefulSet|DaemonSet)\\s*$");

    private final boolean pythonIsHere;

    public Needs(boolean pythonIsHere) {
        this.pythonIsHere = pythonIsHere;
    }

    /** Why the case can't run here, or empty. */
    public Optional<String> unmet(ConformanceCase wanted, List<Manifest> documents) {
        if (wanted.python() && !pythonIsHere) {
            return Optional.of("needs python3, which isn't here");
        }
        if (wanted.runsInShell()) {
            return Optional.empty();
        }
        return wanted.needs().stream()
                .flatMap(need -> unmet(need, documents).stream())
                .findFirst()
                .or(() -> documents.stream()
                        .flatMap(document ->
                                Stream.of(foreignStorage(document.tree()), foreignController(document.tree())))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** A local system stores artifacts in OSS; those that name another kind of storage can't be had. */
    private static Optional<String> foreignStorage(JsonNode tree) {
        for (JsonNode artifact : tree.findValues("artifacts")) {
            for (JsonNode each : artifact) {
                for (String kind : STORAGES) {
                    if (each.path(kind).isObject()) {
                        return missing("artifact storage of kind " + kind);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> unmet(String need, List<Manifest> documents) {
        String kind = need.contains(":") ? need.substring(0, need.indexOf(':')) : need;
        String what = need.contains(":") ? need.substring(need.indexOf(':') + 1) : "";
        return switch (kind) {
            case "minutes", "pvc", "rbac", "cron" -> Optional.empty();
            case "configmap" ->
                given(documents, "ConfigMap", "")
                        ? Optional.empty()
                        : missing("a ConfigMap that the case doesn't bring");
            case "secret" ->
                given(documents, "Secret", "") ? Optional.empty() : missing("a Secret that the case doesn't bring");
            case "template" -> {
                boolean here =
                        given(documents, "WorkflowTemplate", what) || given(documents, "ClusterWorkflowTemplate", what);
                yield here ? Optional.empty() : missing("template " + what + ", which the case doesn't bring");
            }
            case "image" -> IMAGES.matcher(what).matches() ? Optional.empty() : missing("image " + what);
            case "service" -> SERVICES.contains(what) ? Optional.empty() : missing("service " + what);
            case "network" -> missing("the network");
            default -> missing(need);
        };
    }

    /** Objects that resource templates make and that only a controller of Kubernetes' own would bring to life. */
    private static Optional<String> foreignController(JsonNode tree) {
        for (JsonNode manifest : tree.findValues("manifest")) {
            Matcher kind = CONTROLLED.matcher(manifest.asText(""));
            if (kind.find()) {
                return missing("a cluster that runs objects of kind " + kind.group(1));
            }
        }
        return Optional.empty();
    }

    private static boolean given(List<Manifest> documents, String kind, String name) {
        return documents.stream()
                .anyMatch(document -> document.kind().equals(kind)
                        && (name.isEmpty() || document.name().equals(name)));
    }

    private static Optional<String> missing(String what) {
        return Optional.of("needs " + what);
    }
}
