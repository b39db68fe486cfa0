package io.tiphys.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.engine.Engine;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Event;
import io.tiphys.engine.Input;
import io.tiphys.engine.Limits;
import io.tiphys.engine.Node;
import io.tiphys.engine.NodeRecord;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.Estimates;
import io.tiphys.engine.definition.References;
import io.tiphys.engine.definition.WorkflowDefinition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A run and what a controller would have kept of it: the events, the latest record of each node, and the latest
 * observation of each pod. Checks that all three ways back lead to the same run.
 */
public final class Journal {
    private final Workflow workflow;
    private final References references;
    private final @Nullable WorkflowStatus adopted;
    private final EngineSettings settings;
    private final Run run;
    private final List<Event> events = new ArrayList<>();
    private final Map<String, NodeRecord> nodes = new LinkedHashMap<>();
    private final Map<String, Input> observations = new LinkedHashMap<>();
    private final Map<String, @Nullable NodeRecord> lastBefore = new LinkedHashMap<>();
    private @Nullable RunRecord runRecord;
    private @Nullable RunRecord runBefore;
    private byte @Nullable [] liveStatus;

    public Journal(Workflow workflow, References references) {
        this(workflow, references, EngineSettings.DEFAULT, null);
    }

    public Journal(Workflow workflow, References references, Limits limits) {
        this(workflow, references, EngineSettings.of(limits), null);
    }

    public Journal(Workflow workflow, References references, EngineSettings settings) {
        this(workflow, references, settings, null);
    }

    private Journal(
            Workflow workflow, References references, EngineSettings settings, @Nullable WorkflowStatus adopted) {
        this.settings = settings;
        this.workflow = workflow;
        this.references = references;
        this.adopted = adopted;
        this.run = origin();
        this.run.nodes().forEach(node -> {
            nodes.put(node.id(), run.record(node));
        });
    }

    /** A run taken up from the status that another left, before it goes on. */
    static Journal adopting(Workflow workflow, References references, WorkflowStatus status) {
        return new Journal(workflow, references, EngineSettings.DEFAULT, status);
    }

    /** What a run that was taken up does at once. */
    void resume(Instant at) {
        keep(Engine.resume(run, at));
    }

    /** The run before anything happened to it. */
    private Run origin() {
        WorkflowDefinition definition = definition();
        return adopted == null ? Run.create(definition) : Run.adopt(definition, adopted);
    }

    private WorkflowDefinition definition() {
        return WorkflowDefinition.compile(workflow, references, settings, Estimates.NONE);
    }

    public Run run() {
        return run;
    }

    public List<Event> events() {
        return events;
    }

    /** Lets the engine take an input, and keeps what a controller would keep. */
    public Transition step(Input input) {
        switch (input) {
            case Input.PodObserved observed -> observations.put("pod/" + observed.nodeId(), input);
            case Input.TaskResultReceived result -> observations.put("result/" + result.nodeId(), input);
            default -> {}
        }
        Transition transition = Engine.step(run, input);
        keep(transition);
        return transition;
    }

    private void keep(Transition transition) {
        liveStatus = null;
        events.addAll(transition.events());
        runBefore = runRecord;
        lastBefore.clear();
        transition.changedNodes().forEach(node -> lastBefore.put(node.id(), nodes.get(node.id())));
        for (String removed : transition.removedNodeIds()) {
            nodes.remove(removed);
            observations.remove("pod/" + removed);
            observations.remove("result/" + removed);
        }
        for (Node node : transition.changedNodes()) {
            nodes.put(node.id(), run.record(node));
        }
        if (transition.runChanged()
                || runRecord == null
                || !transition.changedNodes().isEmpty()) {
            runRecord = run.record();
        }
    }

    /** The run of the same events is the same run, to the byte. */
    public void replayIsTheSame() {
        Run replayed = origin();
        for (Event event : events) {
            Engine.evolve(replayed, event);
        }
        sameStatus("replay", replayed);
        for (Node node : replayed.nodes()) {
            Node live = run.node(node.id());
            assertThat(live).as(() -> "live node " + node.name()).isNotNull();
            if (live != null) {
                assertThat(replayed.record(node)).isEqualTo(run.record(live));
            }
        }
        assertThat(replayed.record()).isEqualTo(run.record());
    }

    /** Compared as bytes, one of them once for all ways back: names in deep recursions make them as large as all else that a test does. */
    private void sameStatus(String after, Run other) {
        byte[] live = liveStatus;
        if (live == null) {
            live = json(run.status());
            liveStatus = live;
        }
        byte[] found = json(other.status());
        if (!Arrays.equals(live, found)) {
            assertThat(new String(found, StandardCharsets.UTF_8))
                    .as("status after " + after)
                    .isEqualTo(new String(live, StandardCharsets.UTF_8));
        }
    }

    /** The records hold every change, and a run restored from them is the same and has nothing to do. */
    public Run restoreIsTheSame(Instant at) {
        for (Node node : run.nodes()) {
            assertThat(nodes.get(node.id()))
                    .as(() -> "journaled record of " + node.name())
                    .isEqualTo(run.record(node));
        }
        if (runRecord == null) {
            return run;
        }
        Run restored = restored();
        Transition transition = Engine.resume(restored, at);
        assertThat(transition.events().stream()
                        .filter(event -> !(event instanceof Event.Attended))
                        .filter(event -> !(event instanceof Event.NodeBlocked))
                        .toList())
                .as("facts that a restored run adds")
                .isEmpty();
        sameStatus("restore", restored);
        assertThat(Set.copyOf(restored.pendingCommands()).equals(Set.copyOf(run.pendingCommands())))
                .as(() -> "outstanding commands after restore are " + restored.pendingCommands() + " instead of "
                        + run.pendingCommands())
                .isTrue();
        return restored;
    }

    /** The same run from its records. */
    public Run restored() {
        if (runRecord == null) {
            throw new IllegalStateException("nothing was journaled yet");
        }
        return Run.restore(definition(), runRecord, nodes.values());
    }

    /** Every observation once more says nothing new. */
    public void resyncChangesNothing() {
        for (Input observation : observations.values()) {
            assertThat(Engine.decide(run, observation).events())
                    .as(() -> "facts from repeating " + observation)
                    .isEmpty();
        }
    }

    /**
     * Names of all nodes after a crash that left only the first records of the last transition behind: what is missing is
     * decided anew, with all observations repeated.
     */
    public Set<String> namesAfterCrash(int written, Instant at) {
        Map<String, NodeRecord> left = new LinkedHashMap<>(nodes);
        List<String> changed = new ArrayList<>(lastBefore.keySet());
        for (String id : changed.subList(Math.min(written, changed.size()), changed.size())) {
            NodeRecord before = lastBefore.get(id);
            if (before == null) {
                left.remove(id);
            } else {
                left.put(id, before);
            }
        }
        RunRecord record = runBefore == null ? runRecord : runBefore;
        if (record == null) {
            return Set.of();
        }
        Run restored = Run.restore(definition(), record, left.values());
        Engine.resume(restored, at);
        observations.values().forEach(observation -> Engine.step(restored, observation));
        Set<String> names = new TreeSet<>();
        restored.nodes().forEach(node -> names.add(node.name()));
        return names;
    }

    private static byte[] json(Object value) {
        try {
            return ApiJson.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
