package io.tiphys.conformance.simulation;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Template;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.conformance.suite.PodScript;
import io.tiphys.conformance.suite.Step;
import io.tiphys.conformance.suite.Step.Moment;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.Node;
import io.tiphys.testkit.Scenario;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A run whose pods end as a script says and whose client does its steps as soon as they make sense. */
final class ScriptedRun {
    private static final int MOST_ROUNDS = 5_000;

    private final Scenario scenario;
    private final Map<String, PodScript> pods;
    private final Deque<Step> steps;
    private final Caches caches;
    private final Set<String> running = new HashSet<>();
    private final Set<String> images = new TreeSet<>();

    ScriptedRun(Scenario scenario, Caches caches, Map<String, PodScript> pods, List<Step> steps) {
        this.scenario = scenario;
        this.caches = caches;
        this.pods = pods;
        this.steps = new ArrayDeque<>(steps);
    }

    void run() {
        scenario.submitted();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            boolean news = caches.answer(scenario);
            news |= podsStart();
            news |= stepsAreDone();
            news |= podsEnd();
            boolean isOver = scenario.run().phase().isFulfilled() && steps.isEmpty();
            if (isOver || (!news && !Clock.passToNextTimer(scenario))) {
                return;
            }
        }
    }

    /** Images of the containers and scripts that began. */
    Set<String> images() {
        return images;
    }

    private void note(Template template) {
        if (template.container() != null) {
            images.add(Objects.requireNonNullElse(template.container().getImage(), ""));
        }
        if (template.script() != null) {
            images.add(Objects.requireNonNullElse(template.script().container().getImage(), ""));
        }
    }

    private boolean podsStart() {
        boolean news = false;
        for (Command.EnsurePod order : scenario.openOrders()) {
            if (running.add(order.nodeId())) {
                note(order.template());
                scenario.pod(order.nodeName()).runs();
                news = true;
            }
        }
        return news;
    }

    private boolean podsEnd() {
        boolean news = false;
        for (Command.EnsurePod order : scenario.openOrders()) {
            PodScript script = script(order);
            if (scenario.isAskedToEnd(order.nodeId())) {
                scenario.pod(order.nodeName()).exits(143);
                news = true;
            } else if (!script.forever()
                    && !Boolean.TRUE.equals(order.template().daemon())) {
                scenario.pod(order.nodeName()).ends(script.exitCode(), script.parameters(), script.result());
                news = true;
            }
        }
        return news;
    }

    private PodScript script(Command.EnsurePod order) {
        Node node = Objects.requireNonNull(scenario.run().node(order.nodeId()));
        String own = "$wf"
                + order.nodeName().substring(scenario.run().definition().name().length());
        for (String name : List.of(own, node.displayName())) {
            PodScript script = pods.get(name);
            if (script != null) {
                return script;
            }
        }
        return PodScript.SUCCEEDS;
    }

    private boolean stepsAreDone() {
        boolean news = false;
        for (Step next = steps.peek(); next != null && isTime(next); next = steps.peek()) {
            Input input = input(steps.remove());
            if (input != null) {
                scenario.input(input);
                news = true;
            }
        }
        return news;
    }

    private boolean isTime(Step step) {
        if (step instanceof Step.Await(var moment)) {
            return has(moment);
        }
        return !step.wantsSomebodyToWait()
                || scenario.run().isSuspended()
                || scenario.run().nodes().stream()
                        .anyMatch(node -> node.type() == NodeType.SUSPEND && node.phase() == NodePhase.RUNNING);
    }

    private boolean has(Moment moment) {
        return switch (moment) {
            case OVER -> scenario.run().phase().isFulfilled();
            case POD_RUNS -> !running.isEmpty();
            case MAIN_SUCCEEDED -> {
                Node entry = scenario.run().entry();
                yield entry != null && entry.phase() == NodePhase.SUCCEEDED;
            }
        };
    }

    private @Nullable Input input(Step step) {
        return switch (step) {
            case Step.Submit _, Step.Await _ -> null;
            case Step.Resume(var selector) ->
                new Input.ResumeRequested(NodeFieldSelector.parse(selector), scenario.now());
            case Step.Suspend() -> new Input.SuspendRequested(scenario.now());
            case Step.Stop(var selector, var message)
            when !selector.isEmpty() ->
                new Input.NodesStopped(NodeFieldSelector.parse(selector), message, scenario.now());
            case Step.Stop _ -> new Input.ShutdownRequested(io.tiphys.engine.Shutdown.STOP, scenario.now());
            case Step.Terminate() -> new Input.ShutdownRequested(io.tiphys.engine.Shutdown.TERMINATE, scenario.now());
            case Step.SetOutputs(var selector, var values) ->
                new Input.NodesSet(NodeFieldSelector.parse(selector), null, null, values, scenario.now());
            case Step.Retry() -> new Input.RetryRequested(false, NodeFieldSelector.ALL, List.of(), scenario.now());
        };
    }
}
