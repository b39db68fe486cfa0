package io.tiphys.controller.shard;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.controller.agent.AgentServices;
import io.tiphys.controller.agent.Plugins.InvalidPluginException;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.kube.PodGateway.Ensured;
import io.tiphys.controller.kube.PodObservation;
import io.tiphys.controller.kube.PodOrder;
import io.tiphys.controller.shard.ShardTimers.Purpose;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.engine.PodFacts;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.AgentPlanner;
import io.tiphys.pods.DesiredPod;
import io.tiphys.pods.WorkflowFacts;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod of one workflow's agent: made when there is a task, made again when it dies while there are tasks, deleted when there
 * have been none for a while or the workflow has ended. An agent that dies again and again without a single result is given up.
 */
final class AgentPod {
    private static final Logger LOG = LoggerFactory.getLogger(AgentPod.class);
    private static final Duration LINGERS = Duration.ofSeconds(30);
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final int LONGEST_RETRY_EXPONENT = 6;
    private static final int MOST_DEATHS = 5;

    static final String CREATE = "create";
    static final String IDLE = "idle";

    private final WorkflowRef ref;
    private final ShardContext shard;
    private final AgentServices services;
    private final Consumer<String> refuseAll;
    private final String name;
    private @Nullable PodObservation seen;
    private @Nullable WorkflowFacts wanted;
    private @Nullable String sentAway;
    private int generation;
    private boolean creating;
    private boolean isThere;
    private int deaths;
    private int refusals;

    AgentPod(WorkflowRef ref, ShardContext shard, Consumer<String> refuseAll) {
        this.ref = ref;
        this.shard = shard;
        this.services = shard.services().agents();
        this.refuseAll = refuseAll;
        this.name = AgentPlanner.podName(ref.name());
    }

    boolean is(PodObservation pod) {
        return isNamed(pod.nodeId());
    }

    boolean isNamed(@Nullable String podName) {
        return name.equals(podName);
    }

    /** There is something to do. */
    void want(Supplier<WorkflowFacts> facts) {
        if (wanted != null) {
            return;
        }
        shard.timers().cancel(timer(IDLE));
        wanted = facts.get();
        PodObservation last = seen;
        if (last != null && last.hasEnded()) {
            delete(); // its successor is made when it is gone
        }
        create();
    }

    /** There is nothing to do for now. */
    void unwant() {
        wanted = null;
        shard.timers().cancel(timer(CREATE));
        if (isThere || creating) {
            shard.timers().start(timer(IDLE), shard.now().plus(LINGERS));
        }
    }

    /** There will be nothing to do any more. */
    void remove() {
        boolean maybeThere = isThere || creating;
        unwant();
        shard.timers().cancel(timer(IDLE));
        if (maybeThere) {
            delete();
        }
    }

    /** The agent did something. */
    void worked() {
        deaths = 0;
    }

    void timerFired(String detail) {
        if (detail.equals(CREATE)) {
            create();
        } else if (detail.equals(IDLE) && wanted == null) {
            delete();
        }
    }

    void observed(PodObservation pod, int watchGeneration, boolean isRunning, boolean isNeeded) {
        generation = watchGeneration;
        if (pod.podUid().equals(sentAway)) {
            return;
        }
        seen = pod;
        isThere = true;
        if (!isNeeded) {
            if (!isRunning) {
                delete();
            } else if (wanted == null) {
                shard.timers().startIfAbsent(timer(IDLE), shard.now().plus(LINGERS));
            }
        } else if (pod.hasEnded()) {
            died(message(pod.facts()));
            delete();
        }
    }

    void gone(PodObservation pod) {
        boolean wasSentAway = pod.podUid().equals(sentAway);
        PodObservation current = seen;
        if (current != null && !current.podUid().equals(pod.podUid())) {
            return;
        }
        seen = null;
        isThere = false;
        if (wanted == null) {
            return;
        }
        if (wasSentAway) {
            create();
        } else {
            died("pod deleted");
        }
    }

    /** The watches have told all. */
    void synced(int watchGeneration) {
        PodObservation last = seen;
        if (last != null && generation < watchGeneration) {
            gone(last);
        } else if (last == null && isThere && !creating) {
            isThere = false; // it came and went unseen, or will be found there
            create();
        }
    }

    /** How making the pod ended. */
    void ensured(@Nullable String failure, boolean isTransient) {
        creating = false;
        if (failure == null) {
            isThere = true;
            refusals = 0;
            if (wanted == null) {
                shard.timers().startIfAbsent(timer(IDLE), shard.now().plus(LINGERS));
            }
        } else if (wanted != null && isTransient) {
            retryLater(refusals++);
        } else if (wanted != null) {
            wanted = null;
            refuseAll.accept("create agent pod failed with reason:\"failed to create Agent pod: " + failure + "\"");
        }
    }

    private void died(String reason) {
        if (wanted == null) {
            return;
        }
        deaths++;
        shard.services().metrics().counter("tiphys.agents.died").increment();
        LOG.warn("agent of workflow {}/{} died: {}", ref.namespace(), ref.name(), reason);
        if (deaths >= MOST_DEATHS) {
            deaths = 0;
            wanted = null;
            refuseAll.accept("agent pod failed with reason:\"" + reason + "\"");
        } else {
            retryLater(deaths - 1);
        }
    }

    private void retryLater(int before) {
        Duration pause = FIRST_RETRY.multipliedBy(1L << Math.min(before, LONGEST_RETRY_EXPONENT));
        shard.timers().startIfAbsent(timer(CREATE), shard.now().plus(pause));
    }

    private void create() {
        WorkflowFacts facts = wanted;
        if (facts == null || creating || isThere) {
            return;
        }
        creating = true;
        shard.requests().submit(podKey(), () -> {
            Ensured outcome;
            try {
                outcome = ensure(facts);
            } catch (InvalidPluginException e) {
                outcome = new Ensured.Refused(Objects.requireNonNullElse(e.getMessage(), ""), false);
            } catch (KubernetesClientException e) {
                outcome = new Ensured.Refused(ApiFailure.reason(e), ApiFailure.of(e) != ApiFailure.PERMANENT);
            } catch (RuntimeException e) {
                LOG.error("agent pod {} could not be created", name, e);
                outcome = new Ensured.Refused(String.valueOf(e.getMessage()), true);
            }
            shard.post(
                    switch (outcome) {
                        case Ensured.Created _, Ensured.AlreadyThere _, Ensured.Withdrawn _ ->
                            new ShardInput.AgentEnsured(ref.uid(), null, false);
                        case Ensured.Refused(var message, var isTransient) ->
                            new ShardInput.AgentEnsured(ref.uid(), message, isTransient);
                    });
        });
    }

    /** On a thread of its own. */
    private Ensured ensure(WorkflowFacts facts) throws InterruptedException, InvalidPluginException {
        var plugins = services.plugins().of(ref.namespace(), facts.spec().executorPlugins());
        return switch (services.planner().plan(facts, plugins, shard.now())) {
            case DesiredPod.Planned(var pod) -> shard.services().pods().ensure(PodOrder.of(pod));
            case DesiredPod.Refused(var message) -> new Ensured.Refused(message, false);
            case DesiredPod.ImageUnknown unknown -> new Ensured.Refused(unknown.message(), false);
        };
    }

    private void delete() {
        PodObservation pod = seen;
        if (pod != null) {
            sentAway = pod.podUid();
        }
        shard.requests().submit(podKey(), () -> shard.services().pods().delete(ref.namespace(), name));
    }

    private static String message(PodFacts facts) {
        return facts.message() == null ? "" : facts.message();
    }

    private String podKey() {
        return ref.namespace() + "/pods/" + name;
    }

    private TimerKey timer(String detail) {
        return new TimerKey(ref.uid(), Purpose.AGENT, detail);
    }
}
