package io.tiphys.conformance.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.conformance.suite.CaseException;
import io.tiphys.conformance.suite.Comparison;
import io.tiphys.conformance.suite.ConformanceCase;
import io.tiphys.conformance.suite.FinalPhase;
import io.tiphys.conformance.suite.Observed;
import io.tiphys.conformance.suite.ObservedNode;
import io.tiphys.conformance.suite.Step;
import io.tiphys.conformance.suite.Step.Moment;
import io.tiphys.conformance.suite.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One submitted workflow, followed to its end while its case's client acts. */
final class LiveRun {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SETTLED = Duration.ofSeconds(5);
    private static final Duration ACTION_TAKES = Duration.ofSeconds(20);

    private final Cluster cluster;
    private final Door door;
    private final String namespace;
    private final String name;
    private final Instant limit;
    private final Duration patience;
    private Observed last;
    private boolean over;
    private boolean gone;

    LiveRun(Cluster cluster, Door door, String namespace, String name, Duration patience) {
        this.cluster = cluster;
        this.door = door;
        this.namespace = namespace;
        this.name = name;
        this.patience = patience;
        this.limit = Instant.now().plus(patience);
        this.last = Observed.nothing(name);
    }

    Verdict follow(ConformanceCase wanted, List<Step> steps) throws InterruptedException {
        List<Step> actions =
                steps.stream().filter(step -> !(step instanceof Step.Submit)).toList();
        String first = wanted.expectedPhase() == null ? "" : wanted.expectedPhase();
        boolean isToWait = first.equals("Running") || first.equals("Pending");
        if (isToWait && actions.isEmpty()) {
            return stays(wanted, first);
        }
        for (Step step : actions) {
            Optional<Verdict> failed = act(step);
            if (failed.isPresent()) {
                return failed.get();
            }
        }
        if (!await(Observed::isOver)) {
            return late(wanted);
        }
        String end = FinalPhase.of(wanted, actions);
        return Comparison.compare(wanted, end, withAllNodes());
    }

    /** It must come into the phase, and be found in it when all that can happen has happened. */
    private Verdict stays(ConformanceCase wanted, String phase) throws InterruptedException {
        if (!await(seen -> seen.isOver() || isHeld(seen, phase))) {
            return Comparison.compare(wanted, phase, withAllNodes());
        }
        Instant settled = Instant.now().plus(SETTLED);
        while (Instant.now().isBefore(settled)) {
            look();
            if (Comparison.compare(wanted, phase, last) instanceof Verdict.Pass && wanted.nodes() != null) {
                break;
            }
            Pause.of(LOOK);
        }
        return Comparison.compare(wanted, phase, withAllNodes());
    }

    private static boolean isHeld(Observed seen, String phase) {
        return seen.phase().equals(phase) && (phase.equals("Pending") || waiting(seen) > 0);
    }

    /** Does a step at its time; what it returns ends the case. */
    private Optional<Verdict> act(Step step) throws InterruptedException {
        if (step.wantsSomebodyToWait()
                && !await(seen -> seen.isOver()
                        || seen.suspended()
                        || seen.nodes().stream().anyMatch(ObservedNode::isWaitingForSomebody))) {
            return Optional.of(new Verdict.Miss("nothing waited for somebody within " + patience.toSeconds()
                    + " s: phase " + last.phase() + " " + last.troubles()));
        }
        if (step.wantsSomebodyToWait() && last.isOver()) {
            return Optional.of(new Verdict.Miss(
                    "was over before it waited for somebody: phase " + last.phase() + " " + last.troubles()));
        }
        switch (step) {
            case Step.Submit _ -> {}
            case Step.Await(var moment) -> {
                boolean came = await(seen -> seen.isOver() || has(seen, moment));
                if (!came || (moment != Moment.OVER && last.isOver())) {
                    return Optional.of(new Verdict.Miss(
                            "never came to where " + moment + ": phase " + last.phase() + " " + last.troubles()));
                }
            }
            case Step.Resume(var selector) -> {
                boolean wasPaused = last.suspended();
                untilTaken(() -> door.resume(namespace, name, selector));
                long waiting = waiting(last);
                awaitShortly(seen -> seen.isOver() || waiting(seen) < waiting || (wasPaused && !seen.suspended()));
            }
            case Step.Suspend() -> {
                await(seen -> seen.isOver() || seen.phase().equals("Running"));
                door.suspend(namespace, name);
                awaitShortly(seen -> seen.isOver() || seen.suspended());
            }
            case Step.Stop(var selector, var message) -> {
                await(seen -> seen.isOver() || !seen.phase().isEmpty());
                untilTaken(() -> door.stop(namespace, name, selector, message));
            }
            case Step.Terminate() -> {
                await(seen -> seen.isOver() || !seen.phase().isEmpty());
                door.terminate(namespace, name);
            }
            case Step.SetOutputs(var selector, var values) ->
                untilTaken(() -> door.setOutputs(namespace, name, selector, values));
            case Step.Retry() -> {
                door.retry(namespace, name);
                over = false;
                awaitShortly(seen -> !seen.isOver());
            }
        }
        return Optional.empty();
    }

    private interface Request {
        void send() throws InterruptedException;
    }

    /** A selector may match only a moment later, and an object may change meanwhile. */
    private void untilTaken(Request request) throws InterruptedException {
        Instant end = Instant.now().plus(ACTION_TAKES);
        while (true) {
            try {
                request.send();
                return;
            } catch (CaseException e) {
                look();
                if (last.isOver() || Instant.now().isAfter(end)) {
                    throw e;
                }
                Pause.of(LOOK);
            }
        }
    }

    private static long waiting(Observed seen) {
        return seen.nodes().stream().filter(ObservedNode::isWaitingForSomebody).count();
    }

    private static boolean has(Observed seen, Moment moment) {
        return switch (moment) {
            case OVER -> seen.isOver();
            case POD_RUNS ->
                seen.nodes().stream()
                        .anyMatch(node ->
                                node.type().equals("Pod") && node.phase().equals("Running"));
            case MAIN_SUCCEEDED ->
                seen.node("$wf")
                        .filter(node -> node.phase().equals("Succeeded"))
                        .isPresent();
        };
    }

    private Verdict late(ConformanceCase wanted) throws InterruptedException {
        String state = "still " + (last.phase().isEmpty() ? "without a phase" : last.phase()) + " after "
                + patience.toSeconds() + " s";
        Observed seen = withAllNodes();
        boolean inTrouble = seen.nodes().stream().anyMatch(node -> node.phase().equals("Error"));
        if (wanted.needs("minutes") && seen.phase().equals("Running") && !inTrouble) {
            return new Verdict.Skip(state + "; it needs minutes, and --patience gives it more");
        }
        List<String> open = seen.nodes().stream()
                .filter(node -> node.phase().equals("Running") || node.phase().equals("Pending"))
                .map(node -> node.displayName() + " " + node.phase()
                        + (node.message().isEmpty() ? "" : " (" + node.message() + ")"))
                .limit(4)
                .toList();
        return new Verdict.Miss(state
                + (seen.message().isEmpty() ? "" : ": " + seen.message())
                + (open.isEmpty() ? "" : "; open: " + String.join(", ", open)));
    }

    private boolean awaitShortly(Predicate<Observed> condition) throws InterruptedException {
        return await(condition, Instant.now().plus(ACTION_TAKES));
    }

    private boolean await(Predicate<Observed> condition) throws InterruptedException {
        return await(condition, limit);
    }

    private boolean await(Predicate<Observed> condition, Instant until) throws InterruptedException {
        look();
        while (!condition.test(last)) {
            if (gone || Instant.now().isAfter(until)) {
                return false;
            }
            Pause.of(LOOK);
            look();
        }
        return true;
    }

    /** What was seen last stays, when the workflow is deleted. */
    private void look() throws InterruptedException {
        if (over && gone) {
            return;
        }
        Optional<JsonNode> workflow = cluster.workflow(namespace, name);
        if (workflow.isEmpty()) {
            workflow = door.workflow(namespace, name);
            gone = true;
        }
        workflow.ifPresent(found -> last = Observed.of(found));
        over = last.isOver();
    }

    /** Where the object holds no nodes, the server knows them. */
    private Observed withAllNodes() throws InterruptedException {
        if (last.nodes().isEmpty() && !last.phase().isEmpty()) {
            door.workflow(namespace, name).ifPresent(found -> last = Observed.of(found));
        }
        return last;
    }
}
