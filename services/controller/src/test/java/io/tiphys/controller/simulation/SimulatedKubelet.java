package io.tiphys.controller.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.messages.TaskResult;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.pods.Names;
import io.tiphys.testkit.simulator.Dice;
import io.tiphys.transfer.PodTask;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Nodes, executors and uploader in one: pods run and end as the dice say, and their reports go to Kafka, now and then twice. */
final class SimulatedKubelet {
    /** The image of pods that run until they are told to end. */
    static final String DAEMON = "daemon";

    /** Before the uid of the pod that a result comes from. */
    static final String FROM = "from ";

    private static final List<String> RESULTS = List.of("", "[1,2]", "[]", "{\"a\":1}", "true", "7", "[\"a\"]");
    private static final List<Integer> EXIT_CODES = List.of(1, 2, 64, 137, 143);
    private static final Duration LONGEST_PHASE = Duration.ofSeconds(12);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration LONGEST_REPORT = Duration.ofMillis(800);
    private static final Duration VERY_LATE = Duration.ofSeconds(90);

    private final World world;
    private final Dice dice;
    private final SimulatedCluster cluster;
    private final SimulatedInbox results;
    private final Set<String> known = new HashSet<>();
    private final Set<String> ending = new HashSet<>();

    SimulatedKubelet(World world, Dice dice, SimulatedCluster cluster, SimulatedInbox results) {
        this.world = world;
        this.dice = dice;
        this.cluster = cluster;
        this.results = results;
        cluster.pods.onChange((pod, isGone) -> {
            if (!isGone) {
                look(pod);
            }
        });
    }

    private void look(Pod pod) {
        String uid = SimulatedCluster.uid(pod);
        String name = pod.getMetadata().getName();
        if (known.add(uid)) {
            world.time.after(phase(), () -> bind(name, uid));
        }
        if (pod.getMetadata().getDeletionTimestamp() != null && ending.add(uid)) {
            world.time.after(dice.upTo(GRACE), () -> {
                Pod last = current(name, uid);
                if (last != null && isToEnd(last)) {
                    end(last, "Failed", null, null, 143, "Error");
                }
                cluster.removePod(name, uid);
            });
        } else if (pod.getSpec().getNodeName() != null
                && Long.valueOf(1).equals(pod.getSpec().getActiveDeadlineSeconds())
                && !SimulatedCluster.hasEnded(pod)
                && ending.add(uid)) {
            world.time.after(dice.upTo(GRACE), () -> {
                Pod last = current(name, uid);
                ending.remove(uid);
                if (last != null && !SimulatedCluster.hasEnded(last)) {
                    end(
                            last,
                            "Failed",
                            "DeadlineExceeded",
                            "Pod was active on the node longer than the deadline",
                            143,
                            "Error");
                }
            });
        }
    }

    /** Of a pod that isn't held it may vanish before anybody hears how it ended. */
    private boolean isToEnd(Pod pod) {
        boolean isBound = pod.getSpec().getNodeName() != null;
        return !SimulatedCluster.hasEnded(pod) && (pod.getFinalizers().isEmpty() ? dice.coin() : isBound);
    }

    private Duration phase() {
        return dice.upTo(world.fails(12) ? LONGEST_PHASE.multipliedBy(6) : LONGEST_PHASE);
    }

    private @Nullable Pod current(String name, String uid) {
        Pod pod = cluster.pods.get(name);
        return pod != null && SimulatedCluster.uid(pod).equals(uid) ? pod : null;
    }

    private void bind(String name, String uid) {
        Pod pod = current(name, uid);
        if (pod == null
                || SimulatedCluster.hasEnded(pod)
                || (pod.getMetadata().getDeletionTimestamp() != null
                        && !pod.getFinalizers().isEmpty())) {
            return;
        }
        cluster.changeSpec(
                name, spec -> new PodSpecBuilder(spec).withNodeName("node-1").build());
        Pod bound = current(name, uid);
        if (bound == null) {
            return;
        }
        status(bound, "Running", null, null, running(bound));
        if (!isDaemon(bound) || world.fails(10)) {
            world.time.after(phase(), () -> finish(name, uid));
        }
    }

    private void finish(String name, String uid) {
        Pod pod = current(name, uid);
        if (pod == null || SimulatedCluster.hasEnded(pod)) {
            return;
        }
        switch (world.isCalm() ? 20 : dice.below(24)) {
            case 0, 1, 2 -> {
                report(pod, null, LONGEST_REPORT);
                end(pod, "Failed", null, null, dice.pick(EXIT_CODES), "Error");
            }
            case 3 -> end(pod, "Failed", "Evicted", "the node was low on memory", 137, "Error");
            case 4 -> cluster.removePod(name, uid);
            case 5 -> {
                report(pod, "Error", LONGEST_REPORT);
                end(pod, "Failed", null, null, 125, "Error");
            }
            case 6 -> {
                report(pod, null, VERY_LATE);
                end(pod, "Succeeded", null, null, 0, "Completed");
            }
            default -> {
                report(pod, null, LONGEST_REPORT);
                end(pod, "Succeeded", null, null, 0, "Completed");
            }
        }
    }

    // --- what the executor says ---

    private void report(Pod pod, @Nullable String phase, Duration longest) {
        PodTask task = task(pod);
        if (task == null) {
            return;
        }
        var meta = pod.getMetadata();
        ObjectNode outputs = ApiJson.mapper().createObjectNode();
        if (task.outputs().result()) {
            outputs.put("result", world.isCalm() || dice.coin() ? FROM + meta.getUid() : dice.pick(RESULTS));
        }
        var parameters = outputs.putArray("parameters");
        task.outputs()
                .parameters()
                .forEach(wanted ->
                        parameters.addObject().put("name", wanted.name()).put("value", FROM + meta.getUid()));
        TaskResult result = new TaskResult(
                new WorkflowRef(
                        meta.getNamespace(),
                        String.valueOf(meta.getLabels().get(Names.LABEL_WORKFLOW)),
                        String.valueOf(SimulatedCluster.workflowUid(pod))),
                String.valueOf(meta.getAnnotations().get(Names.ANNOTATION_NODE_ID)),
                meta.getName(),
                meta.getUid(),
                world.time.now(),
                phase,
                phase == null ? null : "no such key",
                outputs,
                null,
                true);
        send(result, longest);
        if (world.fails(6)) {
            send(result, VERY_LATE);
        }
    }

    /** The uploader answers the executor when Kafka has it, and the executor asks again until then. */
    private void send(TaskResult result, Duration longest) {
        world.time.after(dice.upTo(longest), () -> {
            if (world.isKafkaAway()) {
                send(result, Duration.ofSeconds(10));
            } else {
                world.note(() -> "result of " + result.nodeId() + " by " + result.podUid());
                results.send(result);
            }
        });
    }

    private static @Nullable PodTask task(Pod pod) {
        for (Container container : pod.getSpec().getInitContainers()) {
            if (container.getName().equals(Names.EXECUTOR)) {
                Map<String, String> environment = new HashMap<>();
                for (EnvVar variable : container.getEnv()) {
                    if (variable.getValue() != null) {
                        environment.put(variable.getName(), variable.getValue());
                    }
                }
                try {
                    return ApiJson.mapper().readValue(PodTask.fromVariables(environment), PodTask.class);
                } catch (JsonProcessingException e) {
                    throw new AssertionError("the executor's task can't be read", e);
                }
            }
        }
        return null;
    }

    // --- what the kubelet says ---

    /** Whether it runs until it is told to end. */
    static boolean isDaemon(Pod pod) {
        return image(pod).equals(DAEMON);
    }

    private static String image(Pod pod) {
        return String.valueOf(pod.getSpec().getContainers().getFirst().getImage());
    }

    private List<ContainerStatus> running(Pod pod) {
        return pod.getSpec().getContainers().stream()
                .map(container -> new ContainerStatusBuilder()
                        .withName(container.getName())
                        .withReady(true)
                        .withNewState()
                        .withNewRunning()
                        .withStartedAt(world.time.now().toString())
                        .endRunning()
                        .endState()
                        .build())
                .toList();
    }

    private void end(
            Pod pod, String phase, @Nullable String reason, @Nullable String message, int exitCode, String why) {
        List<ContainerStatus> containers = pod.getSpec().getNodeName() == null
                ? List.of()
                : pod.getSpec().getContainers().stream()
                        .map(container -> new ContainerStatusBuilder()
                                .withName(container.getName())
                                .withReady(false)
                                .withNewState()
                                .withNewTerminated()
                                .withReason(why)
                                .withExitCode(exitCode)
                                .withStartedAt(world.time.now().toString())
                                .withFinishedAt(world.time.now().toString())
                                .endTerminated()
                                .endState()
                                .build())
                        .toList();
        status(pod, phase, reason, message, containers);
    }

    /** The executor does what it should: it runs as long as the pod and then ends well, whatever it reported. */
    private List<ContainerStatus> executor(Pod pod, String phase) {
        if (task(pod) == null || pod.getSpec().getNodeName() == null) {
            return List.of();
        }
        String now = world.time.now().toString();
        ContainerStatusBuilder status = new ContainerStatusBuilder().withName(Names.EXECUTOR);
        return List.of(
                phase.equals("Running")
                        ? status.withReady(true)
                                .withNewState()
                                .withNewRunning()
                                .withStartedAt(now)
                                .endRunning()
                                .endState()
                                .build()
                        : status.withReady(false)
                                .withNewState()
                                .withNewTerminated()
                                .withReason("Completed")
                                .withExitCode(0)
                                .withStartedAt(now)
                                .withFinishedAt(now)
                                .endTerminated()
                                .endState()
                                .build());
    }

    private void status(
            Pod pod,
            String phase,
            @Nullable String reason,
            @Nullable String message,
            List<ContainerStatus> containers) {
        PodStatus status = new PodStatusBuilder()
                .withPhase(phase)
                .withReason(reason)
                .withMessage(message)
                .withPodIP("10.0.0.1")
                .withStartTime(world.time.now().toString())
                .withContainerStatuses(containers)
                .withInitContainerStatuses(executor(pod, phase))
                .build();
        world.note(() -> "pod " + pod.getMetadata().getName() + " (" + SimulatedCluster.uid(pod) + ") is " + phase);
        cluster.change(pod.getMetadata().getName(), SimulatedCluster.uid(pod), meta -> meta, status);
    }
}
