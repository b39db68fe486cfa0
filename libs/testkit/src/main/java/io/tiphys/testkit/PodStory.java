package io.tiphys.testkit;

import io.tiphys.api.NodePhase;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Input;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happens to one pod of a {@link Scenario}. */
public final class PodStory {
    private final Scenario scenario;
    private final FakePod pod;

    PodStory(Scenario scenario, FakePod pod) {
        this.scenario = scenario;
        this.pod = pod;
    }

    public Scenario waits(String reason) {
        return input(pod.pending(reason, now()));
    }

    public Scenario runs() {
        return input(pod.running(true, now()));
    }

    public Scenario runsButIsNotReady() {
        return input(pod.running(false, now()));
    }

    public Scenario succeeds() {
        return succeeds(Map.of(), null);
    }

    /** Succeeds with this standard output. */
    public Scenario prints(String result) {
        return succeeds(Map.of(), result);
    }

    /** Succeeds with these output parameters. */
    public Scenario yields(Map<String, String> parameters) {
        return succeeds(parameters, null);
    }

    private Scenario succeeds(Map<String, String> parameters, @Nullable String result) {
        if (pod.order().movesData()) {
            input(pod.report(pod.outputs(parameters, result), null, null, now()));
        }
        return input(pod.exited(0, null, null, now()));
    }

    /** Ends with this code, outputs and standard output. */
    public Scenario ends(int exitCode, Map<String, String> parameters, @Nullable String result) {
        return exitCode == 0 ? succeeds(parameters, result) : fails(exitCode);
    }

    /** Ends well, but nothing was reported yet. */
    public Scenario endsUnreported() {
        return input(pod.exited(0, null, null, now()));
    }

    /** Main ends with this code; about the executor nothing is said. */
    public Scenario exits(int exitCode) {
        return input(pod.exited(exitCode, null, null, now()));
    }

    public Scenario reports(Map<String, String> parameters) {
        return input(pod.report(pod.outputs(parameters, null), null, null, now()));
    }

    public Scenario fails(int exitCode) {
        return fails(exitCode, null);
    }

    public Scenario fails(int exitCode, @Nullable String reason) {
        if (pod.order().movesData()) {
            input(pod.report(Outputs.NONE, null, null, now()));
        }
        return input(pod.exited(exitCode, reason, null, now()));
    }

    /** The executor could not stage or save. */
    public Scenario errs(String message) {
        input(pod.report(Outputs.NONE, NodePhase.ERROR, message, now()));
        return input(pod.exited(0, null, null, now()));
    }

    /** The pod's end after inputs could not be staged: the user's command was never started. */
    public Scenario endsUnstaged(String message) {
        return input(pod.exited(125, "Error", message, now()));
    }

    /** The executor's complete report, with an error. */
    public Scenario reportsError(String message) {
        return input(pod.report(Outputs.NONE, NodePhase.ERROR, message, now()));
    }

    /** The executor's complete report, in which nothing is said. */
    public Scenario reportsNothing() {
        return input(pod.report(Outputs.NONE, null, null, now()));
    }

    public Scenario progresses(String progress) {
        return input(pod.progress(progress, now()));
    }

    public Scenario isEvicted(String message) {
        return input(pod.evicted(message, now()));
    }

    public Scenario isDeleted() {
        return input(pod.deleted(now()));
    }

    public Scenario isRefused(String message, boolean isTransient) {
        return input(new Input.PodCreationRefused(pod.order().nodeId(), message, isTransient, now()));
    }

    private Scenario input(Input input) {
        return scenario.input(input);
    }

    private Instant now() {
        return scenario.now();
    }
}
