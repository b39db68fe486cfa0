package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pod for a node. The steps of {@link #plan}: containers as the user wrote them, the executor if data moves,
 * volumes that any of them mounts, scheduling, metadata, and at last {@code podSpecPatch}, workflow's before template's.
 */
public final class PodPlanner {
    private final PodSettings settings;
    private final CapabilitySigner signer;

    public PodPlanner(PodSettings settings, CapabilitySigner signer) {
        this.settings = settings;
        this.signer = signer;
    }

    /**
     * The pod that the wish asks for, or why there can be none.
     *
     * @param now for the capability's expiry, and for what is left until the deadline of a pod without an executor
     */
    public DesiredPod plan(EnsurePod wish, WorkflowFacts workflow, Instant now) {
        try {
            return new DesiredPod.Planned(pod(wish, workflow, now));
        } catch (PodRefusedException refused) {
            return new DesiredPod.Refused(refused.reason());
        }
    }

    private Pod pod(EnsurePod wish, WorkflowFacts workflow, Instant now) {
        Template template = wish.template();
        UserContainers user = UserContainers.of(wish);
        PodSpecBuilder spec = Scheduling.of(wish, workflow.spec());
        List<Container> initContainers = new ArrayList<>();
        List<Container> containers = new ArrayList<>();
        List<Volume> ownVolumes = new ArrayList<>();
        if (Staging.isNeeded(wish, workflow, settings)) {
            Staging staging = new Staging(wish, workflow, settings, user);
            initContainers.add(staging.executor(signer, now));
            initContainers.addAll(user.initContainers());
            containers.addAll(staging.wrappedContainers());
            ownVolumes.addAll(Staging.volumes());
        } else {
            spec.withActiveDeadlineSeconds(Scheduling.activeDeadlineSeconds(wish, now));
            initContainers.addAll(user.initContainers());
            containers.addAll(user.containersWithIdentity());
        }
        spec.withInitContainers(initContainers);
        spec.withContainers(containers);
        ownVolumes.addAll(mountedVolumes(template, workflow, initContainers, containers));
        spec.withVolumes(ownVolumes);
        return new PodBuilder()
                .withMetadata(metadata(wish, workflow))
                .withSpec(patched(spec.build(), workflow.spec().podSpecPatch(), template.podSpecPatch()))
                .build();
    }

    /** The template's own volumes, and of the workflow's those that a container mounts (Argo does the same). */
    private static List<Volume> mountedVolumes(
            Template template, WorkflowFacts workflow, List<Container> initContainers, List<Container> containers) {
        Map<String, Volume> known = new LinkedHashMap<>();
        workflow.spec().volumes().forEach(volume -> known.put(volume.getName(), volume));
        workflow.claimVolumes().forEach(volume -> known.put(volume.getName(), volume));
        List<String> used = new ArrayList<>();
        for (List<Container> group : List.of(initContainers, containers)) {
            for (Container container : group) {
                container.getVolumeMounts().forEach(mount -> used.add(mount.getName()));
                container.getVolumeDevices().forEach(device -> used.add(device.getName()));
            }
        }
        Map<String, Volume> volumes = new LinkedHashMap<>();
        known.forEach((name, volume) -> {
            if (used.contains(name)) {
                volumes.put(name, volume);
            }
        });
        template.volumes().forEach(volume -> volumes.put(volume.getName(), volume));
        return List.copyOf(volumes.values());
    }

    private static PodSpec patched(PodSpec spec, @Nullable String... patches) {
        PodSpec patched = spec;
        for (String patch : patches) {
            if (patch != null && !patch.isBlank()) {
                patched = PodSpecPatch.apply(patched, patch);
            }
        }
        return patched;
    }

    private static ObjectMeta metadata(EnsurePod wish, WorkflowFacts workflow) {
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        var podMetadata = workflow.spec().podMetadata();
        if (podMetadata != null) {
            labels.putAll(podMetadata.labels());
            annotations.putAll(podMetadata.annotations());
        }
        labels.putAll(wish.template().metadata().labels());
        annotations.putAll(wish.template().metadata().annotations());
        labels.put(Names.LABEL_WORKFLOW, workflow.name());
        labels.put(Names.LABEL_COMPLETED, "false");
        labels.put(Names.LABEL_SHARD, Integer.toString(workflow.shard()));
        if (wish.onExit()) {
            labels.put(Names.LABEL_ON_EXIT, "true");
        }
        annotations.put(Names.ANNOTATION_NODE_ID, wish.nodeId());
        annotations.put(Names.ANNOTATION_NODE_NAME, wish.nodeName());
        annotations.put(Names.ANNOTATION_WORKFLOW_UID, workflow.uid());
        annotations.putIfAbsent(Names.ANNOTATION_DEFAULT_CONTAINER, Names.MAIN);
        return new ObjectMetaBuilder()
                .withName(wish.podName())
                .withNamespace(workflow.namespace())
                .withLabels(labels)
                .withAnnotations(annotations)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("argoproj.io/v1alpha1")
                        .withKind("Workflow")
                        .withName(workflow.name())
                        .withUid(workflow.uid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .build();
    }
}
