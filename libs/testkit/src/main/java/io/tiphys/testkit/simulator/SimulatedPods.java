package io.tiphys.testkit.simulator;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.testkit.FakePod;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * API server, kubelet and executor in one: pods that are ordered live and end as the dice say, and what can be seen of them comes back
 * as inputs, sometimes twice. Daemons live until they are told to end.
 */
final class SimulatedPods {
    /** What programs print; some of it is a list that a loop can take, and some is no good at all. */
    private static final List<String> RESULTS = List.of(
            "",
            "hello",
            "[1,2,3]",
            "[]",
            "{\"a\":1}",
            "[{\"a\":\"b\"},{\"a\":\"c\"}]",
            "true",
            "7",
            "not \"json",
            "{{item}}",
            "[[]]");

    private static final List<Integer> EXIT_CODES = List.of(1, 2, 3, 64, 125, 126, 137, 143, 255);
    private static final Duration LONGEST_PHASE = Duration.ofSeconds(30);

    private final VirtualTime time;
    private final Dice dice;
    private final Consumer<Input> engine;
    private final Map<String, FakePod> pods = new HashMap<>();
    private boolean calm;

    SimulatedPods(VirtualTime time, Dice dice, Consumer<Input> engine) {
        this.time = time;
        this.dice = dice;
        this.engine = engine;
    }

    /** From now on everything goes well. */
    void calmDown() {
        calm = true;
    }

    void ensure(Command.EnsurePod order) {
        if (!pods.containsKey(order.nodeId())) {
            FakePod pod = new FakePod(order);
            pods.put(order.nodeId(), pod);
            later(pod, () -> create(pod));
        }
    }

    void end(Command.EndPod end) {
        FakePod pod = pods.get(end.nodeId());
        if (pod != null && !pod.hasEnded()) {
            pod.end();
            time.after(dice.upTo(LONGEST_PHASE), () -> see(pod, pod.deleted(time.now())));
        }
    }

    void forget(String nodeId) {
        FakePod pod = pods.remove(nodeId);
        if (pod != null) {
            pod.end();
        }
    }

    private void create(FakePod pod) {
        if (!calm && dice.oneIn(50)) {
            boolean passes = dice.coin();
            engine.accept(new Input.PodCreationRefused(pod.order().nodeId(), "refused", passes, time.now()));
            if (passes) {
                later(pod, () -> create(pod));
            }
            return;
        }
        if (dice.oneIn(4)) {
            see(pod, pod.pending(dice.pick(List.of("ImagePullBackOff", "Unschedulable", "")), time.now()));
        }
        later(pod, () -> run(pod));
    }

    private void run(FakePod pod) {
        boolean daemon = Boolean.TRUE.equals(pod.order().template().daemon());
        if (daemon || !dice.oneIn(5)) {
            see(pod, pod.running(daemon || dice.coin(), time.now()));
        }
        if (!daemon || (!calm && dice.oneIn(10))) {
            later(pod, () -> finish(pod));
        }
    }

    private void finish(FakePod pod) {
        PodFate fate = calm ? PodFate.SUCCEEDS : PodFate.of(dice);
        boolean reports = pod.order().movesData();
        switch (fate) {
            case SUCCEEDS -> {
                if (reports) {
                    see(pod, pod.report(outputs(pod), null, null, time.now()));
                }
                see(pod, pod.exited(0, null, null, time.now()));
            }
            case FAILS -> {
                if (reports) {
                    see(pod, pod.report(dice.coin() ? outputs(pod) : Outputs.NONE, null, null, time.now()));
                }
                see(pod, pod.exited(dice.pick(EXIT_CODES), dice.oneIn(3) ? "OOMKilled" : null, null, time.now()));
            }
            case EVICTED -> see(pod, pod.evicted("the node was low on memory", time.now()));
            case DELETED -> {
                see(pod, pod.running(true, time.now())); // one that was never seen isn't missed
                see(pod, pod.deleted(time.now()));
            }
            case STAGING_ERROR -> {
                if (reports) {
                    see(pod, pod.report(Outputs.NONE, NodePhase.ERROR, "no such key", time.now()));
                }
                see(pod, pod.exited(125, null, null, time.now()));
            }
            case NEVER_REPORTS -> see(pod, pod.exited(0, null, null, time.now()));
            case REPORTS_LATE -> {
                see(pod, pod.exited(0, null, null, time.now()));
                if (reports) {
                    time.after(
                            dice.upTo(LONGEST_PHASE.multipliedBy(4)),
                            () -> see(pod, pod.report(outputs(pod), null, null, time.now())));
                }
            }
        }
    }

    private Outputs outputs(FakePod pod) {
        @Nullable String result = calm ? "[1]" : dice.pick(RESULTS);
        Map<String, String> values = new HashMap<>();
        for (var declared : pod.order().template().outputs().parameters()) {
            if (declared.name() != null && dice.coin()) {
                values.put(declared.name(), dice.pick(RESULTS));
            }
        }
        return pod.outputs(values, result);
    }

    private void later(FakePod pod, Runnable action) {
        time.after(dice.upTo(LONGEST_PHASE), () -> {
            if (!pod.hasEnded()) {
                action.run();
            }
        });
    }

    private void see(FakePod pod, Input observation) {
        if (pods.get(pod.order().nodeId()) != pod) {
            return; // it was forgotten, and so is what is heard of it
        }
        engine.accept(observation);
        if (dice.oneIn(10)) {
            time.after(dice.upTo(LONGEST_PHASE), () -> again(pod, observation));
        }
    }

    private void again(FakePod pod, Input observation) {
        if (pods.get(pod.order().nodeId()) == pod) {
            engine.accept(observation);
        }
    }
}
