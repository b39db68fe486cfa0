package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.RunningContainer;
import java.time.Instant;
import java.util.Locale;

/**
 * What exits, hooks and probes mean for their container: it has ended, it is ready or not, it is killed so that it starts again. A report
 * on an earlier start of the container says nothing about this one and is dropped.
 */
final class ContainerReports {
    private final PodApi api;
    private final ContainerStarter starter;
    private final PodFolder folder;
    private final Hooks hooks;
    private final Termination termination;

    ContainerReports(PodApi api, ContainerStarter starter, PodFolder folder, Hooks hooks, Termination termination) {
        this.api = api;
        this.starter = starter;
        this.folder = folder;
        this.hooks = hooks;
        this.termination = termination;
    }

    void hear(Pod pod, Signal.OfContainer report) {
        ContainerRun run = report.container();
        if (run.restarts() != report.attempt() || !run.isRunning()) {
            return;
        }
        switch (report) {
            case Signal.Exited(var _, var _, var exit) ->
                run.ended(exit.code(), TerminationMessage.read(starter, folder, run, exit.code()), Instant.now());
            case Signal.HookEnded(var _, var _, var succeeded, var output) -> hookEnded(pod, run, succeeded, output);
            case Signal.Probed(var _, var _, var kind, var succeeded, var output) ->
                probed(pod, run, kind, succeeded, output);
        }
    }

    private void hookEnded(Pod pod, ContainerRun run, boolean succeeded, String output) {
        if (succeeded) {
            run.hookSucceeded();
            return;
        }
        api.event(
                pod,
                "Warning",
                "FailedPostStartHook",
                "PostStartHook of container " + run.name() + " failed: " + output.strip());
        RunningContainer process = run.process();
        if (process != null) {
            process.signal(Hooks.SIGKILL);
        }
    }

    private void probed(Pod pod, ContainerRun run, ProbeKind kind, boolean succeeded, String output) {
        if (kind == ProbeKind.LIVENESS && !run.isStarted()) {
            return;
        }
        run.probed(kind, succeeded);
        if (succeeded) {
            return;
        }
        String name = kind.name().toLowerCase(Locale.ROOT);
        String title = kind.name().charAt(0) + name.substring(1);
        api.event(pod, "Warning", "Unhealthy", title + " probe failed: " + output.strip());
        if (kind != ProbeKind.READINESS && !termination.hasBegun()) {
            api.event(
                    pod,
                    "Normal",
                    "Killing",
                    "Container " + run.name() + " failed " + name + " probe, will be restarted");
            hooks.terminateAndKill(run, Termination.grace(pod));
        }
    }
}
