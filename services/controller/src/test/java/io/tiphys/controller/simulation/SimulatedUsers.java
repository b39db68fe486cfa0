package io.tiphys.controller.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.messages.Shards;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowRef;
import io.tiphys.testkit.fuzz.SpecGenerator;
import io.tiphys.testkit.simulator.Dice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those who create workflows, resume and retry them, and meddle now and then. */
final class SimulatedUsers {
    private static final Duration LONGEST_TRIP = Duration.ofMillis(500);

    private final World world;
    private final Dice dice;
    private final SimulatedCluster cluster;
    private final SimulatedInbox commands;
    private final Rules rules;
    private final List<WorkflowRef> created = new ArrayList<>();
    private final Map<String, WorkflowRef> sent = new LinkedHashMap<>();

    /** Whether most pods want the same locks, of whatever workflow they are. */
    private final boolean contend;

    private int number;
    private int onTheWay;

    SimulatedUsers(World world, Dice dice, SimulatedCluster cluster, SimulatedInbox commands, Rules rules) {
        this.world = world;
        this.dice = dice;
        this.contend = dice.oneIn(3);
        this.cluster = cluster;
        this.commands = commands;
        this.rules = rules;
    }

    List<WorkflowRef> workflows() {
        return created;
    }

    /** Commands that were sent, with the workflow that each is for. */
    Map<String, WorkflowRef> sent() {
        return sent;
    }

    /** Whether all that they sent has arrived. */
    boolean isIdle() {
        return onTheWay == 0;
    }

    void create() {
        ObjectNode json = (ObjectNode) SpecGenerator.workflow(dice.split());
        decorate((ObjectNode) json.path("spec"));
        Workflow workflow = ApiJson.mapper().convertValue(json, Workflow.class);
        ObjectMetaBuilder meta = new ObjectMetaBuilder(workflow.getMetadata()).withName("w" + ++number);
        Workflow made = cluster.create(workflow.withMetadata(meta.build()));
        var created = made.getMetadata();
        world.note(() -> "created " + created.getName() + " (" + created.getUid() + ") " + json.path("spec"));
        WorkflowRef ref = new WorkflowRef(created.getNamespace(), created.getName(), created.getUid());
        this.created.add(ref);
        if (dice.coin()) { // the submitter's door labels them, kubectl doesn't
            change(
                    ref,
                    at -> at.withMetadata(new ObjectMetaBuilder(at.getMetadata())
                            .addToLabels(Shards.LABEL, Integer.toString(Shards.of(created.getUid(), World.SHARDS)))
                            .build()));
        }
    }

    /** Locks, deletion of pods, daemons that the kubelet knows as such. */
    private void decorate(ObjectNode spec) {
        if (dice.oneIn(4)) {
            spec.putObject("podGC")
                    .put(
                            "strategy",
                            dice.pick(List.of(
                                    "OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess")));
        }
        if (dice.oneIn(5)) {
            lock(spec.putObject("synchronization"), "of-workflows");
        }
        for (JsonNode each : spec.path("templates")) {
            ObjectNode template = (ObjectNode) each;
            if (template.path("daemon").asBoolean()) {
                ((ObjectNode) template.path("container")).put("image", SimulatedKubelet.DAEMON);
            }
            boolean isPod = template.has("container") || template.has("script");
            if (isPod && dice.oneIn(contend ? 2 : 4)) {
                lock(template.putObject("synchronization"), "of-pods");
            }
            if (isPod && dice.oneIn(4)) {
                template.putObject("outputs")
                        .putArray("parameters")
                        .addObject()
                        .put("name", "o")
                        .putObject("valueFrom")
                        .put("path", "/tmp/o");
            }
        }
    }

    private void lock(ObjectNode synchronization, String name) {
        if (dice.coin()) {
            synchronization.putArray("mutexes").addObject().put("name", name);
        } else {
            synchronization
                    .putArray("semaphores")
                    .addObject()
                    .putObject("configMapKeyRef")
                    .put("name", "limits")
                    .put("key", name);
        }
    }

    /** Does something to one of the workflows. */
    void meddle() {
        if (created.isEmpty()) {
            return;
        }
        WorkflowRef ref = dice.pick(created);
        Workflow workflow = cluster.workflow(ref.name(), ref.uid());
        if (workflow == null) {
            return;
        }
        WorkflowPhase phase = workflow.getStatus().phase();
        if (phase.isFulfilled()) {
            if (phase != WorkflowPhase.SUCCEEDED && !dice.oneIn(4)) {
                retry(ref);
            } else if (dice.oneIn(6)) {
                delete(workflow);
            }
            return;
        }
        switch (dice.below(9)) {
            case 0 -> changeSpec(ref, "shutdown", "Stop");
            case 1 -> changeSpec(ref, "shutdown", "Terminate");
            case 2 -> changeSpec(ref, "suspend", true);
            case 3, 4 -> resume(ref);
            case 5 -> stopNodes(ref);
            case 6 -> changeSpec(ref, "parallelism", dice.between(1_000, 5_000));
            case 7 -> deletePod(ref);
            default -> {
                if (dice.oneIn(3)) {
                    delete(workflow);
                }
            }
        }
    }

    void resume(WorkflowRef ref) {
        changeSpec(ref, "suspend", null);
        send(new WorkflowCommand.Resume(id(), ref, world.time.now(), null));
    }

    void terminate(WorkflowRef ref) {
        changeSpec(ref, "shutdown", "Terminate");
    }

    private void retry(WorkflowRef ref) {
        rules.of(ref.uid()).retries++;
        changeSpec(ref, "shutdown", null);
        send(new WorkflowCommand.Retry(id(), ref, world.time.now(), dice.oneIn(4), null, List.of()));
    }

    private void stopNodes(WorkflowRef ref) {
        send(new WorkflowCommand.StopNodes(id(), ref, world.time.now(), "phase!=Succeeded", "by hand"));
    }

    private void delete(Workflow workflow) {
        world.note(() -> "deletes " + workflow.getMetadata().getName());
        rules.of(workflow.getMetadata().getUid()).isDeleted = true;
        cluster.delete(workflow, dice);
    }

    private void deletePod(WorkflowRef ref) {
        cluster.pods.list().stream()
                .filter(pod -> ref.uid().equals(SimulatedCluster.workflowUid(pod)))
                .findFirst()
                .ifPresent(pod -> {
                    world.note(() -> "somebody deletes pod " + pod.getMetadata().getName());
                    cluster.deletePod(pod.getMetadata().getName());
                });
    }

    private String id() {
        return "command-" + ++number;
    }

    private void send(WorkflowCommand command) {
        world.note(() -> "sends " + command);
        sent.put(command.id(), command.workflow());
        deliver(command);
        if (world.fails(10)) {
            deliver(command);
        }
    }

    private void deliver(WorkflowCommand command) {
        onTheWay++;
        world.time.after(dice.upTo(LONGEST_TRIP), () -> {
            onTheWay--;
            if (world.isKafkaAway()) {
                deliver(command);
            } else {
                commands.send(command);
            }
        });
    }

    private void changeSpec(WorkflowRef ref, String field, @Nullable Object value) {
        world.note(() -> "changes " + field + " of " + ref.name() + " to " + value);
        change(ref, workflow -> {
            ObjectNode spec = ApiJson.mapper().valueToTree(workflow.getSpec());
            if (value == null) {
                spec.remove(field);
            } else {
                spec.set(field, ApiJson.mapper().valueToTree(value));
            }
            return workflow.withSpec(ApiJson.mapper().convertValue(spec, WorkflowSpec.class));
        });
    }

    private void change(WorkflowRef ref, java.util.function.UnaryOperator<Workflow> change) {
        cluster.change(ref.name(), ref.uid(), change);
    }
}
