package io.tiphys.pods;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.transfer.Capability;
import io.tiphys.transfer.PodTask;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A wish for a pod, written down as YAML of template, workflow spec and repository; and the pod that comes of it. */
final class Wishes {
    static final Instant NOW = Instant.parse("2026-11-22T20:00:00Z");
    private static final ObjectMapper YAML = new YAMLMapper();

    private String template = "{}";
    private String nodeName = "hello.step";
    private final Map<String, String> labels = new LinkedHashMap<>(Map.of("team", "blue"));
    private @Nullable String boundary;
    private String spec = "{}";
    private String repository = "{oss: {endpoint: \"http://oss\", bucket: bkt, useSDKCreds: true}}";
    private List<String> hostsToAvoid = List.of();
    private @Nullable String mainContainer;
    private boolean includeResult;
    private boolean movesData;
    private boolean onExit;
    private boolean statusFinalizer;
    private final List<Capability> capabilities = new ArrayList<>();

    private Map<String, PodSettings.ImageCommand> found = Map.of();

    static Wishes template(String yaml) {
        Wishes wishes = new Wishes();
        wishes.template = yaml;
        return wishes;
    }

    Wishes named(String name) {
        nodeName = name;
        return this;
    }

    /** A label of the workflow. */
    Wishes label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    Wishes boundary(String yaml) {
        boundary = yaml;
        return this;
    }

    Wishes spec(String yaml) {
        spec = yaml;
        return this;
    }

    Wishes repository(String yaml) {
        repository = yaml;
        return this;
    }

    Wishes mainContainer(String yaml) {
        mainContainer = yaml;
        return this;
    }

    Wishes avoiding(String... hosts) {
        hostsToAvoid = List.of(hosts);
        return this;
    }

    Wishes withResult() {
        includeResult = true;
        return this;
    }

    Wishes movingData() {
        movesData = true;
        return this;
    }

    Wishes statusFinalizer() {
        statusFinalizer = true;
        return this;
    }

    Wishes onExit() {
        onExit = true;
        return this;
    }

    DesiredPod plan() {
        PodSettings settings = new PodSettings(
                "tiphys/executor:1",
                null,
                new ResourceRequirements(),
                "http://uploader",
                false,
                Duration.ofHours(1),
                Map.of("known:1", new PodSettings.ImageCommand(List.of("/entry"), List.of("default"))),
                mainContainer == null ? null : read(mainContainer, Container.class),
                null,
                Duration.ofSeconds(5),
                statusFinalizer,
                Set.of("known-driver"));
        PodPlanner planner = new PodPlanner(settings, capability -> {
            capabilities.add(capability);
            return "token";
        });
        EnsurePod wish = new EnsurePod(
                "hello-123",
                nodeName,
                "hello-main-123",
                read(template, Template.class),
                boundary == null ? null : read(boundary, Template.class),
                null,
                null,
                hostsToAvoid,
                includeResult,
                movesData,
                onExit);
        WorkflowFacts workflow = new WorkflowFacts(
                "argo",
                "hello",
                "uid-1",
                7,
                Instant.parse("2026-01-02T03:04:05Z"),
                labels,
                Map.of(),
                read(spec, WorkflowSpec.class),
                read(repository, ArtifactRepository.class),
                List.of());
        return planner.plan(wish, workflow, NOW, found);
    }

    /** What somebody found out about images. */
    Wishes found(Map<String, PodSettings.ImageCommand> images) {
        found = images;
        return this;
    }

    Pod pod() {
        DesiredPod desired = plan();
        assertThat(desired).isInstanceOf(DesiredPod.Planned.class);
        return ((DesiredPod.Planned) desired).pod();
    }

    String refusal() {
        DesiredPod desired = plan();
        assertThat(desired).isInstanceOf(DesiredPod.Refused.class);
        return ((DesiredPod.Refused) desired).message();
    }

    Capability capability() {
        pod();
        return capabilities.getLast();
    }

    PodTask task() throws JsonProcessingException {
        Map<String, String> variables = new LinkedHashMap<>();
        for (EnvVar variable : pod().getSpec().getInitContainers().getFirst().getEnv()) {
            if (variable.getValue() != null) {
                variables.put(variable.getName(), variable.getValue());
            }
        }
        return ApiJson.mapper().readValue(PodTask.fromVariables(variables), PodTask.class);
    }

    static Container main(Pod pod) {
        return pod.getSpec().getContainers().getFirst();
    }

    private static <T> T read(String yaml, Class<T> type) {
        try {
            ObjectMapper reader = yaml.startsWith("{\"") ? ApiJson.mapper() : YAML; // YAML has a bound of 3 MB
            return ApiJson.mapper().treeToValue(reader.readTree(yaml), type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }
}
