package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.tiphys.api.Template;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.pods.PodSettings.ImageCommand;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pod for a node. The steps of {@link #plan}: the {@link Shape} with its containers, the volumes that they mount, scheduling,
 * metadata, {@code podSpecPatch}, workflow's before template's, and at last emissary around the commands of a staged pod.
 */
public final class PodPlanner {
    private final PodSettings settings;
    private final CapabilitySigner signer;

    public PodPlanner(PodSettings settings, CapabilitySigner signer) {
        this.settings = settings;
        this.signer = capability -> {
            settings.requireDrivers(capability);
            return signer.sign(capability);
        };
    }

    /**
     * The pod that the wish asks for, or why there can be none.
     *
     * @param now for the capability's expiry, and for what is left until the deadline of a pod without an executor
     */
    public DesiredPod plan(EnsurePod wish, WorkflowFacts workflow, Instant now) {
        return plan(wish, workflow, now, Map.of());
    }

    /**
     * The same when more is known of images than the settings tell.
     *
     * @param found what images start, by their whole names
     */
    public DesiredPod plan(EnsurePod wish, WorkflowFacts workflow, Instant now, Map<String, ImageCommand> found) {
        try {
            return pod(wish, workflow, now, settings.withImages(found));
        } catch (PodRefusedException refused) {
            return new DesiredPod.Refused(refused.reason());
        }
    }

    private DesiredPod pod(EnsurePod wish, WorkflowFacts workflow, Instant now, PodSettings settings) {
        Template template = wish.template();
        Shape shape = shape(wish, workflow, now, settings);
        PodSpecBuilder spec = Scheduling.of(wish, workflow.spec());
        if (!(shape instanceof Staging)) {
            spec.withActiveDeadlineSeconds(Scheduling.activeDeadlineSeconds(wish, now));
        }
        spec.withInitContainers(shape.initContainers());
        spec.withContainers(shape.containers());
        spec.withVolumes(PodVolumes.of(template, workflow, shape));
        PodSpec patched = patched(spec.build(), workflow.spec().podSpecPatch(), template.podSpecPatch());
        LongLines.requirePossible(String.valueOf(template.name()), patched);
        PodSpec finished;
        try {
            finished = shape.finished(patched);
        } catch (ImageUnknownException unknown) {
            return new DesiredPod.ImageUnknown(
                    unknown.image(),
                    patched.getImagePullSecrets().stream()
                            .map(LocalObjectReference::getName)
                            .toList(),
                    Objects.requireNonNullElse(patched.getServiceAccountName(), "default"),
                    architecture(patched),
                    unknown.reason());
        }
        return new DesiredPod.Planned(new PodBuilder()
                .withMetadata(PodMetadata.of(wish, workflow, shape.containers(), settings))
                .withSpec(finished)
                .build());
    }

    private static String architecture(PodSpec spec) {
        Map<String, String> selector = Objects.requireNonNullElse(spec.getNodeSelector(), Map.of());
        return selector.getOrDefault("kubernetes.io/arch", "amd64");
    }

    private Shape shape(EnsurePod wish, WorkflowFacts workflow, Instant now, PodSettings settings) {
        Template template = wish.template();
        if (template.resource() != null || template.data() != null) {
            return Worker.of(wish, workflow, settings, signer, now);
        }
        UserContainers user = UserContainers.of(template, settings.mainContainer())
                .withSidecarsOf(workflow.spec().podSpecPatch(), template.podSpecPatch());
        return Staging.isNeeded(wish, workflow, settings, user)
                ? Staging.of(wish, workflow, settings, user, signer, now)
                : new Lean(user, new ArgoVariables(wish, workflow));
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
}
