package io.tiphys.controller.shard;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.Input;
import io.tiphys.messages.WorkflowRef;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a run that was taken up, or that a retry took up again, has its {@link Belongings}. */
final class OwnedObjects {
    private static final Logger LOG = LoggerFactory.getLogger(OwnedObjects.class);

    private final WorkflowRef ref;
    private final ShardContext shard;

    OwnedObjects(WorkflowRef ref, ShardContext shard) {
        this.ref = ref;
        this.shard = shard;
    }

    /**
     * Makes what isn't there; what makes no sense ends the workflow.
     *
     * @param failures how often that was tried in vain
     */
    void ensure(Active running, int failures) {
        Belongings belongings = new Belongings(running.definition().workflow().withSpec(running.spec()));
        if (!belongings.isEmpty()) {
            shard.requests().submit(ref.namespace() + "/workflows/" + ref.name(), () -> ensure(belongings, failures));
        }
    }

    private void ensure(Belongings belongings, int failures) throws InterruptedException {
        try {
            belongings
                    .ensure(shard.services().workflows())
                    .ifPresent(refusal -> shard.post(new ShardInput.Observed(
                            ref.uid(), new Input.Rejected(WorkflowPhase.ERROR, refusal, shard.now()))));
        } catch (KubernetesClientException e) {
            String message =
                    "what the workflow owns can't be made yet, its pods wait for that: " + ApiFailure.reason(e);
            LOG.warn("workflow {}/{}: {}", ref.namespace(), ref.name(), message);
            shard.post(new ShardInput.BelongingsRefused(ref.uid(), failures)); // whatever becomes of the event
            if (failures == 0) {
                shard.services().events().publish(ref, "Warning", "WorkflowBelongingsRefused", message, shard.now());
            }
        }
    }

    /** A quota is used up or the API server away: it is tried again after a pause that grows, for as long as the workflow runs. */
    void refused(int failures) {
        shard.services().metrics().counter("tiphys.belongings.refused").increment();
        shard.timers()
                .start(
                        new TimerKey(ref.uid(), Purpose.ENSURE_BELONGINGS, String.valueOf(failures + 1)),
                        shard.now().plus(Pauses.after(failures)));
    }
}
