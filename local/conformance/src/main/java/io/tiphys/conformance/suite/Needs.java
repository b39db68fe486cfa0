package io.tiphys.conformance.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Manifest;
import io.tiphys.api.Relocation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Which needs can be met on one machine with a local system. */
public final class Needs {
    /** Services that a local system has, or that its own store stands for. */
    private static final Set<String> SERVICES = Set.of(
            "artifact-repo",
            "artifact-repo with archiveLogs",
            "event-api",
            "agent",
            "executor-plugin",
            "database",
            "oss",
            "s3-aws",
            "artifactory",
            "k8s-podlevelresources");
    /** Met by a system that has more nodes than one. */
    public static final String SEVERAL_NODES = "multi-node";
    /** A node of a size, such as {@code node-10Gi-2cpu}. */
    private static final Pattern NODE = Pattern.compile("node-(\\d+)Gi-(\\d+)cpu");
    /** Images that do as well where this machine has the program for which they are used. */
    private static final Map<String, String> PROGRAMS = Map.of(
            "curl", "curl",
            "jq", "jq",
            "node", "node",
            "git", "git",
            "golang", "go",
            "kubectl", "kubectl",
            "argoexec", "kubectl");

    private static final Pattern NAME = Pattern.compile("(?:[\\w.-]+(?::\\d+)?/)*([\\w.-]+)(?::[\\w.-]+)?");
    /** An image of which a case uses this program. */
    private static final Pattern USED_FOR = Pattern.compile("(\\S+) \\(([\\w.-]+)\\)");
    /** Programs that a local node has where the machine hasn't. */
    private static final Set<String> STAND_INS = Set.of("nc");
    /** Images for which a local node has stand-ins, or for which the machine's own files do. */
    private static final Pattern IMAGES = Pattern.compile(
            "(docker\\.io/)?(library/)?"
                    + "(argoproj/argosay|docker/whalesay|rancher/cowsay|alpine|busybox|debian|ubuntu|bash|fedora|centos|python|nginx)(:[\\w.-]+)?");

    /** Where an artifact's location is said. */
    private static final List<String> ARTIFACTS = List.of("artifacts", "artifactPaths", "archiveLocation");

    private static final Pattern CONTROLLED =
            Pattern.compile("(?m)^\\s*kind:\\s*(CronJob|Deployment|ReplicaSet|StatefulSet|DaemonSet)\\s*$");

    private final Machine machine;
    private final Images images;

    /** What the images of pods are once their tags are filled in. */
    public interface Images {
        /** The images of all pods that the workflow among the documents has when all goes well. */
        Set<String> of(List<Manifest> documents);
    }

    public Needs(Machine machine, Images images) {
        this.machine = machine;
        this.images = images;
    }

    /** Why the case can't run here, or empty. */
    public Optional<String> unmet(ConformanceCase wanted, List<Manifest> documents) {
        if (wanted.python() && !machine.has("python3")) {
            return Optional.of("needs python3, which isn't here");
        }
        if (wanted.runsInShell()) {
            return Optional.empty();
        }
        Surroundings surroundings = Surroundings.of(wanted, documents);
        return wanted.needs().stream()
                .flatMap(need -> unmet(need, surroundings, documents).stream())
                .findFirst()
                .or(() -> documents.stream()
                        .flatMap(document ->
                                Stream.of(foreignStorage(document.tree()), foreignController(document.tree())))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** Places of their own that can't be had; those that the system's own store stands for are none. */
    private static Optional<String> foreignStorage(JsonNode tree) {
        return ARTIFACTS.stream()
                .flatMap(field -> tree.findValues(field).stream())
                .flatMap(found -> found.isArray() ? StreamSupport.stream(found.spliterator(), false) : Stream.of(found))
                .filter(Relocation::isWhole)
                .map(artifact -> Relocation.kind(artifact).orElseThrow())
                .filter(kind -> !kind.equals("raw") && !kind.equals(Relocated.FILES) && !Relocated.KINDS.contains(kind))
                .findFirst()
                .flatMap(kind -> missing("artifact storage of kind " + kind + " at a place of its own"));
    }

    private Optional<String> unmet(String need, Surroundings surroundings, List<Manifest> documents) {
        String kind = need.contains(":") ? need.substring(0, need.indexOf(':')) : need;
        String what = need.contains(":") ? need.substring(need.indexOf(':') + 1) : "";
        return switch (kind) {
            case "minutes", "pvc", "rbac", "cron" -> Optional.empty();
            case "configmap" ->
                given(documents, "ConfigMap", "") || surroundings.hasConfigMaps()
                        ? Optional.empty()
                        : missing("a ConfigMap that the case doesn't bring");
            case "secret" ->
                given(documents, "Secret", "") || surroundings.hasSecrets()
                        ? Optional.empty()
                        : missing("a Secret that the case doesn't bring");
            case "template" -> {
                boolean here =
                        given(documents, "WorkflowTemplate", what) || given(documents, "ClusterWorkflowTemplate", what);
                yield here ? Optional.empty() : missing("template " + what + ", which the case doesn't bring");
            }
            case "image" -> image(what, documents);
            case "service" -> {
                boolean here = switch (what) {
                    case SEVERAL_NODES -> machine.nodes() > 1;
                    case Surroundings.QUOTA -> surroundings.hasQuota();
                    default -> SERVICES.contains(what) || hasNode(what) || Configuration.meets(need);
                };
                yield here ? Optional.empty() : missing("service " + what);
            }
            case "network" -> missing("the network");
            default -> missing(need);
        };
    }

    private Optional<String> image(String image, List<Manifest> documents) {
        Set<String> all = image.equals("templated") ? images.of(documents) : Set.of(image);
        return all.stream().filter(one -> !isHere(one)).findFirst().flatMap(one -> missing("image " + one));
    }

    private boolean isHere(String image) {
        Matcher use = USED_FOR.matcher(image);
        if (use.matches()) {
            return isHere(use.group(1)) && (STAND_INS.contains(use.group(2)) || machine.has(use.group(2)));
        }
        Matcher name = NAME.matcher(image);
        String program = name.matches() ? PROGRAMS.get(name.group(1)) : null;
        return IMAGES.matcher(image).matches() || (program != null && machine.has(program));
    }

    private boolean hasNode(String service) {
        Matcher size = NODE.matcher(service);
        return size.matches()
                && Integer.parseInt(size.group(1)) < machine.gibibytes()
                && Integer.parseInt(size.group(2)) <= machine.processors();
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
