package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's status as the kubelet words it. Remembers when each condition last changed. */
final class StatusBuilder {
    private final String hostAddress;
    private final String address;
    private final Instant startTime;
    private final Map<String, PodCondition> conditions = new HashMap<>();

    StatusBuilder(String hostAddress, String address, Instant startTime) {
        this.hostAddress = hostAddress;
        this.address = address;
        this.startTime = startTime;
    }

    /** The phase with its reason and message, both empty when there is nothing to say. */
    record Phase(String name, String reason, String message) {
        boolean isFinal() {
            return name.equals("Succeeded") || name.equals("Failed");
        }
    }

    PodStatus build(Phase phase, List<ContainerRun> inits, List<ContainerRun> mains, Instant now) {
        boolean begun = mains.stream().anyMatch(ContainerRun::hasEverStarted);
        boolean initialized = begun || inits.stream().allMatch(StatusBuilder::letsOthersStart);
        boolean ready = !phase.isFinal()
                && initialized
                && mains.stream().allMatch(ContainerRun::isReady)
                && inits.stream().allMatch(run -> run.kind() == ContainerRun.Kind.INIT || run.isReady());
        String notReady = phase.name().equals("Succeeded")
                ? "PodCompleted"
                : phase.isFinal() ? "PodFailed" : "ContainersNotReady";
        List<PodCondition> all = new ArrayList<>();
        all.add(condition("PodScheduled", true, "", now));
        all.add(condition(
                "Initialized",
                initialized,
                phase.name().equals("Succeeded") ? "PodCompleted" : initialized ? "" : "ContainersNotInitialized",
                now));
        all.add(condition("ContainersReady", ready, ready ? "" : notReady, now));
        all.add(condition("Ready", ready, ready ? "" : notReady, now));
        return new PodStatusBuilder()
                .withPhase(phase.name())
                .withReason(orNull(phase.reason()))
                .withMessage(orNull(phase.message()))
                .withHostIP(hostAddress)
                .withPodIP(address)
                .addNewPodIP(address)
                .withStartTime(time(startTime))
                .withQosClass("BestEffort")
                .withConditions(all)
                .withInitContainerStatuses(inits.stream().map(this::status).toList())
                .withContainerStatuses(mains.stream().map(this::status).toList())
                .build();
    }

    /** Whether an init container stands in nobody's way. */
    static boolean letsOthersStart(ContainerRun init) {
        return init.kind() == ContainerRun.Kind.SIDECAR ? init.isStarted() : init.hasSucceeded();
    }

    private PodCondition condition(String type, boolean value, String reason, Instant now) {
        String status = value ? "True" : "False";
        PodCondition before = conditions.get(type);
        String since = time(now);
        if (before != null && before.getStatus().equals(status)) {
            if (reason.equals(before.getReason() == null ? "" : before.getReason())) {
                return before;
            }
            since = before.getLastTransitionTime();
        }
        PodCondition condition = new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(orNull(reason))
                .withLastTransitionTime(since)
                .build();
        conditions.put(type, condition);
        return condition;
    }

    private ContainerStatus status(ContainerRun run) {
        String image = run.spec().getImage() == null ? "" : run.spec().getImage();
        return new ContainerStatusBuilder()
                .withName(run.name())
                .withImage(image)
                .withImageID(image.isEmpty() ? "" : "local/" + image)
                .withContainerID(orNull(run.containerId()))
                .withReady(run.isReady())
                .withStarted(run.isStarted())
                .withRestartCount(run.restarts())
                .withState(state(run))
                .withLastState(last(run))
                .build();
    }

    private static ContainerState state(ContainerRun run) {
        if (run.isRunning()) {
            return new ContainerStateBuilder()
                    .withNewRunning()
                    .withStartedAt(time(run.startedAt()))
                    .endRunning()
                    .build();
        }
        Ended ended = run.ended();
        if (ended != null && !run.waitingReason().equals("CrashLoopBackOff")) {
            return terminated(ended);
        }
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(run.waitingReason())
                .withMessage(orNull(run.waitingMessage()))
                .endWaiting()
                .build();
    }

    private static @Nullable ContainerState last(ContainerRun run) {
        Ended ended = run.ended();
        boolean waits = ended != null && !run.isRunning() && run.waitingReason().equals("CrashLoopBackOff");
        Ended last = waits ? ended : run.previous();
        return last == null ? null : terminated(last);
    }

    private static ContainerState terminated(Ended ended) {
        return new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(ended.exitCode())
                .withReason(ended.reason())
                .withMessage(orNull(ended.message()))
                .withStartedAt(time(ended.startedAt()))
                .withFinishedAt(time(ended.finishedAt()))
                .withContainerID(ended.containerId())
                .endTerminated()
                .build();
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
