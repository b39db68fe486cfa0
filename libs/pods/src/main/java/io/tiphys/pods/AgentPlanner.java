package io.tiphys.pods;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.engine.NodeNames;
import io.tiphys.transfer.Capability;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the pod of a workflow's agent: {@code init} makes the plugins' tokens, {@code main} does the tasks, and each plugin is a
 * sidecar that sees its own token only. It runs under no service account's rights.
 */
public final class AgentPlanner {
    private static final String AGENT = "agent";
    private static final String LABEL_COMPONENT = "workflows.argoproj.io/component";
    private static final String VOLUME_TOKENS = "var-run-argo";
    private static final String PATH_TOKENS = "/var/run/argo";
    private static final String PATH_SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";
    private static final long USER = 8737;

    private final PodSettings settings;
    private final CapabilitySigner signer;

    public AgentPlanner(PodSettings settings, CapabilitySigner signer) {
        this.settings = settings;
        this.signer = signer;
    }

    /** Argo's name for the agent's pod of a workflow. */
    public static String podName(String workflow) {
        return NodeNames.id(workflow, NodeNames.hash(AGENT)) + "-" + AGENT;
    }

    /**
     * The pod, or why there can be none.
     *
     * @param now only for the capability's expiry
     */
    public DesiredPod plan(WorkflowFacts workflow, List<AgentPlugin> plugins, Instant now) {
        try {
            return new DesiredPod.Planned(new PodBuilder()
                    .withMetadata(metadata(workflow))
                    .withSpec(spec(workflow, plugins, now))
                    .build());
        } catch (PodRefusedException refused) {
            return new DesiredPod.Refused(refused.reason());
        }
    }

    private PodSpec spec(WorkflowFacts workflow, List<AgentPlugin> plugins, Instant now) {
        Template nothing = ApiJson.mapper().convertValue(Map.of(), Template.class);
        String pod = podName(workflow.name());
        EnsurePod scheduled = new EnsurePod(pod, pod, pod, nothing, null, null, null, List.of(), false, false, false);
        List<Container> containers = new ArrayList<>();
        plugins.forEach(plugin -> containers.add(sidecar(plugin)));
        containers.add(main(workflow, plugins, now));
        List<Volume> volumes = new ArrayList<>();
        volumes.add(new VolumeBuilder()
                .withName(VOLUME_TOKENS)
                .withNewEmptyDir()
                .endEmptyDir()
                .build());
        for (AgentPlugin plugin : plugins) {
            if (plugin.tokenSecret() != null) {
                volumes.add(new VolumeBuilder()
                        .withName(plugin.tokenSecret())
                        .withNewSecret()
                        .withSecretName(plugin.tokenSecret())
                        .endSecret()
                        .build());
            }
        }
        PodSpecBuilder spec = Scheduling.of(scheduled, workflow.spec())
                .withRestartPolicy("OnFailure")
                .withAutomountServiceAccountToken(false)
                .withInitContainers(init(plugins))
                .withContainers(containers)
                .withVolumes(volumes);
        if (workflow.spec().securityContext() == null) {
            spec.withNewSecurityContext()
                    .withRunAsNonRoot(true)
                    .withRunAsUser(USER)
                    .endSecurityContext();
        }
        String patch = workflow.spec().podSpecPatch();
        return patch == null || patch.isBlank() ? spec.build() : PodSpecPatch.apply(spec.build(), patch);
    }

    private Container init(List<AgentPlugin> plugins) {
        return executor("init")
                .addToEnv(variable("TIPHYS_MODE", "agent-init"))
                .addToEnv(variable("TIPHYS_AGENT_PLUGINS", addresses(plugins)))
                .build();
    }

    private Container main(WorkflowFacts workflow, List<AgentPlugin> plugins, Instant now) {
        Map<String, String> identity = new LinkedHashMap<>();
        identity.put("namespace", workflow.namespace());
        identity.put("name", workflow.name());
        identity.put("uid", workflow.uid());
        Capability capability = Capability.ofAgent(
                workflow.uid(),
                workflow.namespace(),
                workflow.name(),
                podName(workflow.name()),
                workflow.shard(),
                now.plus(settings.capabilityLife()));
        ContainerBuilder main = executor(Names.MAIN)
                .addToEnv(variable("TIPHYS_MODE", AGENT))
                .addToEnv(variable("TIPHYS_AGENT_PLUGINS", addresses(plugins)))
                .addToEnv(variable("TIPHYS_WORKFLOW", json(identity)))
                .addToEnv(variable("TIPHYS_UPLOADER", settings.uploaderUrl()))
                .addToEnv(variable("TIPHYS_CAPABILITY", signer.sign(capability)))
                .addToEnv(variable("TIPHYS_EXECUTOR_JAVA_OPTS", "-Xmx160m"));
        return main.addNewEnv()
                .withName("TIPHYS_POD_UID")
                .withNewValueFrom()
                .withNewFieldRef("v1", "metadata.uid")
                .endValueFrom()
                .endEnv()
                .build();
    }

    private ContainerBuilder executor(String name) {
        return new ContainerBuilder()
                .withName(name)
                .withImage(settings.executorImage())
                .withImagePullPolicy(settings.executorImagePullPolicy())
                .withCommand("/tiphys/executor")
                .withSecurityContext(unprivileged())
                .withNewResources()
                .addToRequests("cpu", new Quantity("10m"))
                .addToRequests("memory", new Quantity("64M"))
                .addToLimits("memory", new Quantity("320M"))
                .endResources()
                .addNewVolumeMount()
                .withName(VOLUME_TOKENS)
                .withMountPath(PATH_TOKENS)
                .endVolumeMount();
    }

    private static EnvVar variable(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static Container sidecar(AgentPlugin plugin) {
        ContainerBuilder container = new ContainerBuilder(plugin.container())
                .addToVolumeMounts(new VolumeMountBuilder()
                        .withName(VOLUME_TOKENS)
                        .withMountPath(PATH_TOKENS)
                        .withSubPath(plugin.name())
                        .withReadOnly(true)
                        .build());
        if (plugin.tokenSecret() != null) {
            container.addToVolumeMounts(new VolumeMountBuilder()
                    .withName(plugin.tokenSecret())
                    .withMountPath(PATH_SERVICE_ACCOUNT)
                    .withReadOnly(true)
                    .build());
        }
        return container.build();
    }

    private static SecurityContext unprivileged() {
        return new SecurityContextBuilder()
                .withAllowPrivilegeEscalation(false)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .build();
    }

    private static String addresses(List<AgentPlugin> plugins) {
        return json(plugins.stream()
                .map(plugin -> new TreeMap<>(Map.of(
                        "name",
                        plugin.name(),
                        "address",
                        "http://localhost:"
                                + plugin.container().getPorts().getFirst().getContainerPort())))
                .toList());
    }

    private static String json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts can be written as JSON", e);
        }
    }

    private static ObjectMeta metadata(WorkflowFacts workflow) {
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        var podMetadata = workflow.spec().podMetadata();
        if (podMetadata != null) {
            labels.putAll(podMetadata.labels());
            annotations.putAll(podMetadata.annotations());
        }
        labels.put(Names.LABEL_WORKFLOW, workflow.name());
        labels.put(Names.LABEL_COMPLETED, "false");
        labels.put(LABEL_COMPONENT, AGENT);
        labels.putAll(workflow.instance());
        labels.put(Names.LABEL_SHARD, Integer.toString(workflow.shard()));
        annotations.put(Names.ANNOTATION_NODE_ID, podName(workflow.name()));
        annotations.put(Names.ANNOTATION_WORKFLOW_UID, workflow.uid());
        annotations.putIfAbsent(Names.ANNOTATION_DEFAULT_CONTAINER, Names.MAIN);
        return PodMetadata.of(podName(workflow.name()), workflow, labels, annotations);
    }
}
