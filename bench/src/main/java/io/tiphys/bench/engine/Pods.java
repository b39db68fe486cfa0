package io.tiphys.bench.engine;

import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is seen of a pod: it runs, says its result if asked to, and ends; the first attempt of a retried node fails. */
public final class Pods {
    private static final PodFacts RUNNING = pod(PodPhase.RUNNING, ContainerState.RUNNING, null);
    private static final PodFacts SUCCEEDED = pod(PodPhase.SUCCEEDED, ContainerState.TERMINATED, 0);
    private static final PodFacts FAILED = pod(PodPhase.FAILED, ContainerState.TERMINATED, 1);
    private static final Outputs RESULT = new Outputs(List.of(), List.of(), "1", null);

    /** Items, too, end with a bracket, but have their value after a colon in it. */
    private static final String FIRST_ATTEMPT = "(0)";

    private Pods() {}

    /** Tells all of an ordered pod at once. */
    public static void ordered(Command.EnsurePod order, Instant at, Consumer<Input> sink) {
        String node = order.nodeId();
        sink.accept(new Input.PodObserved(node, RUNNING, at));
        if (order.includeResult()) {
            sink.accept(new Input.TaskResultReceived(node, RESULT, null, null, null, true, at));
        }
        sink.accept(new Input.PodObserved(node, order.nodeName().endsWith(FIRST_ATTEMPT) ? FAILED : SUCCEEDED, at));
    }

    private static PodFacts pod(PodPhase phase, ContainerState state, @Nullable Integer exitCode) {
        ContainerFacts main = new ContainerFacts("main", Role.MAIN, state, true, null, null, exitCode, null, null);
        return new PodFacts("pod", phase, null, null, "host", null, null, List.of(main), false);
    }
}
