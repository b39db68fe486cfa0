package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.controller.kube.PodGateway;
import io.tiphys.controller.kube.PodGateway.Ensured;
import io.tiphys.controller.kube.PodOrder;
import io.tiphys.engine.Command;
import io.tiphys.pods.DesiredPod;
import io.tiphys.pods.WorkflowFacts;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The order for a node's pod, which the shard may withdraw as long as the pod isn't there. */
final class NodePodOrder implements PodOrder {
    private final ShardServices services;
    private final Command.EnsurePod wish;
    private final WorkflowFacts facts;
    private final int seq;
    private final boolean isBeginning;
    private final boolean takesOver;
    private boolean mayBeThere;
    private boolean isWithdrawn;
    private @Nullable Pod looked;
    /** Why the last {@link #take} gave no pod, but for withdrawal. */
    private @Nullable DesiredPod notMade;

    /**
     * An order.
     *
     * @param seq of the node
     * @param isBeginning whether no pod of the workflow was seen yet
     * @param mayBeThere whether somebody may have sent the pod before
     */
    NodePodOrder(
            ShardServices services,
            Command.EnsurePod wish,
            WorkflowFacts facts,
            int seq,
            boolean isBeginning,
            boolean takesOver,
            boolean mayBeThere) {
        this.services = services;
        this.wish = wish;
        this.facts = facts;
        this.seq = seq;
        this.isBeginning = isBeginning;
        this.takesOver = takesOver;
        this.mayBeThere = mayBeThere;
    }

    @Override
    public String namespace() {
        return facts.namespace();
    }

    @Override
    public String name() {
        return wish.podName();
    }

    @Override
    public boolean takesOver() {
        return takesOver;
    }

    @Override
    public int priority() {
        Integer priority = facts.spec().priority();
        return priority == null ? 0 : priority;
    }

    @Override
    public boolean isBeginning() {
        return isBeginning;
    }

    /** Nobody wants the pod any more. Returns whether it is sure that it was never sent. */
    synchronized boolean withdraw() {
        isWithdrawn = true;
        return !mayBeThere;
    }

    @Override
    public @Nullable Pod take() {
        notMade = null;
        Pod pod = looked;
        if (pod == null && !isWithdrawn()) {
            switch (services.planner().plan(wish, facts, services.clock().instant())) {
                case DesiredPod.Planned(var planned) -> pod = planned;
                case DesiredPod.Refused refused -> notMade = refused;
                case DesiredPod.ImageUnknown unknown -> notMade = unknown;
            }
        }
        return pod != null && send() ? numbered(pod) : null;
    }

    private synchronized boolean isWithdrawn() {
        return isWithdrawn;
    }

    private synchronized boolean send() {
        mayBeThere |= !isWithdrawn;
        return !isWithdrawn;
    }

    private Pod numbered(Pod pod) {
        Map<String, String> annotations = new HashMap<>(pod.getMetadata().getAnnotations());
        annotations.put(PodGateway.ANNOTATION_NODE_SEQ, Integer.toString(seq));
        pod.getMetadata().setAnnotations(annotations);
        return pod;
    }

    /** Carries the order out. Blocks its caller, a virtual thread. */
    Ensured carryOut() throws InterruptedException {
        Ensured ensured = services.pods().ensure(this);
        if (!(ensured instanceof Ensured.Withdrawn)) {
            return ensured;
        }
        return switch (notMade) {
            case DesiredPod.Refused(var message) -> new Ensured.Refused(message, false);
            case DesiredPod.ImageUnknown unknown -> lookedUp(unknown);
            case DesiredPod.Planned _ -> ensured;
            case null -> ensured;
        };
    }

    private Ensured lookedUp(DesiredPod.ImageUnknown unknown) throws InterruptedException {
        Instant now = services.clock().instant();
        return switch (new ImagesOfPod(services, facts.namespace()).plan(wish, facts, now, unknown)) {
            case ImagesOfPod.Outcome.Made(var pod) -> {
                looked = pod;
                yield services.pods().ensure(this);
            }
            case ImagesOfPod.Outcome.None(var message, var isTransient) -> new Ensured.Refused(message, isTransient);
        };
    }
}
