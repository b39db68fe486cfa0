package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.Exit;
import io.tiphys.local.node.container.RunningContainer;
import io.tiphys.local.node.container.StartException;
import io.tiphys.local.node.image.Image;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pod's life on this node, from being bound until it has ended (or is gone). A loop on a virtual thread: hear what happened, look at
 * the whole pod, do what is to be done next, write the status if it differs. Looking at the whole each time makes lost or doubled signals
 * harmless, as in the kubelet.
 *
 * <p>Order: volumes; init containers one after the other (a sidecar lets the next one start when its postStart hook and startup probe are
 * through); main containers; when all of those have ended, sidecars in reverse order.
 */
public final class PodRun implements Runnable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");
    private static final Duration RETRY_CONFIG = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_START = Duration.ofSeconds(10);
    /** After so many failures in a row that no pod should bring about, it is given up. */
    private static final int MAX_MISHAPS = 20;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final NodeServices services;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final List<ContainerRun> inits = new ArrayList<>();
    private final List<ContainerRun> mains = new ArrayList<>();
    private final PodEvents events;
    private final PodFolder folder;
    private final PodVolumes volumes;
    private final ContainerStarter starter;
    private final Hooks hooks;
    private final StatusWriter writer;
    private final Instant startTime = Instant.now();
    private final PodProgress progress;
    private final Backoff backoff = new Backoff();
    private int mishaps;
    private boolean startReported;
    private @Nullable String broken;
    private Pod pod;
    private boolean volumesReady;
    private Instant volumesRetryAt = Instant.EPOCH;
    private @Nullable Stop stop;
    private boolean done;
    private boolean gone;
    private boolean closing;

    /**
     * A run that hasn't begun.
     *
     * @param place where it is
     * @param startsBefore how often each container was started in earlier lives of the node; 0 for a new pod
     * @param progress hears how far it is
     */
    public PodRun(Pod pod, NodeServices services, PodPlace place, int startsBefore, PodProgress progress) {
        this.pod = pod;
        this.services = services;
        this.progress = progress;
        this.events = new PodEvents(services.api());
        this.folder = PodFolder.of(services.pods(), pod.getMetadata().getUid());
        ConfigSource source = services.api().config(pod.getMetadata().getNamespace());
        DownwardApi downward = new DownwardApi(pod, place, services.address());
        this.volumes = new PodVolumes(pod, folder, services.claims(), source, downward);
        this.starter = new ContainerStarter(
                services,
                place,
                pod,
                folder,
                volumes,
                new Environment(source, downward),
                new ServiceAccount(pod, folder, services.apiServer()));
        this.hooks = new Hooks(starter, place.address(), signals::add);
        this.writer =
                new StatusWriter(services.api(), new StatusBuilder(services.address(), place.address(), startTime));
        for (Container init : pod.getSpec().getInitContainers()) {
            ContainerRun.Kind kind = ContainerRun.isSidecar(init) ? ContainerRun.Kind.SIDECAR : ContainerRun.Kind.INIT;
            inits.add(new ContainerRun(init, kind, services.crashBackoff(), startsBefore));
        }
        for (Container main : pod.getSpec().getContainers()) {
            mains.add(new ContainerRun(main, ContainerRun.Kind.MAIN, services.crashBackoff(), startsBefore));
        }
    }

    /** The object changed: perhaps it is to be deleted. Any thread. */
    public void updated(Pod now) {
        signals.add(new Signal.Updated(now));
    }

    /** The object is gone. Any thread. */
    public void gone() {
        signals.add(new Signal.Gone());
    }

    /** Kill everything and end, telling nobody. Any thread. */
    public void closing() {
        signals.add(new Signal.Closing());
    }

    @Override
    public void run() {
        try {
            while (!done) {
                hear(turn());
            }
            if (!closing) {
                finish();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            try {
                killAll();
                if (closing) {
                    awaitKilled();
                }
            } finally {
                progress.ended();
            }
        }
    }

    /** One look at the pod. What goes wrong in it is tried again, and in the end fails the pod: a run never just stops. */
    private Instant turn() {
        try {
            Instant wake = step(Instant.now());
            if (!done) {
                wake = writer.writeIfDue(pod, phase(), inits, mains, reportStart(wake));
                gone |= writer.isPodGone();
            }
            mishaps = 0;
            backoff.reset();
            return done ? Instant.EPOCH : wake;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "pod " + pod.getMetadata().getName() + " ran into trouble", e);
            mishaps++;
            if (mishaps == MAX_MISHAPS) {
                broken = "The node can't go on with the pod: " + e;
                killAll();
                awaitKilled();
                done = true;
            }
            return Instant.now().plus(backoff.next());
        }
    }

    /** Lets others start when this pod has, or waits for something that takes no effort, or takes too long about it. */
    private Instant reportStart(Instant wake) {
        if (startReported) {
            return wake;
        }
        Instant now = Instant.now();
        Instant limit = startTime.plus(LONGEST_START);
        boolean waits = now.isBefore(volumesRetryAt)
                || Stream.concat(inits.stream(), mains.stream()).anyMatch(run -> now.isBefore(run.retryAt()));
        if (stop != null || waits || !now.isBefore(limit) || mains.stream().allMatch(ContainerRun::hasEverStarted)) {
            startReported = true;
            progress.started();
            return wake;
        }
        return min(wake, limit);
    }

    private void hear(Instant wake) throws InterruptedException {
        Duration wait = Duration.between(Instant.now(), wake);
        long millis = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT.toMillis() : Math.max(0, wait.toMillis() + 1);
        Signal signal = signals.poll(millis, TimeUnit.MILLISECONDS);
        while (signal != null) {
            apply(signal);
            signal = signals.poll();
        }
    }

    private void apply(Signal signal) {
        switch (signal) {
            case Signal.Updated(Pod now) -> pod = now;
            case Signal.Gone() -> gone = true;
            case Signal.Closing() -> {
                closing = true;
                done = true;
            }
            case Signal.Exited(ContainerRun run, int attempt, Exit exit) -> {
                if (run.restarts() == attempt && run.isRunning()) {
                    run.ended(exit.code(), TerminationMessage.read(starter, folder, run, exit.code()), Instant.now());
                }
            }
            case Signal.HookEnded(ContainerRun run, int attempt, boolean succeeded, String output) -> {
                if (run.restarts() == attempt && run.isRunning()) {
                    hookEnded(run, succeeded, output);
                }
            }
            case Signal.Probed(ContainerRun run, int attempt, ProbeKind kind, boolean succeeded, String output) -> {
                if (run.restarts() == attempt && run.isRunning()) {
                    probed(run, kind, succeeded, output);
                }
            }
        }
    }

    private void hookEnded(ContainerRun run, boolean succeeded, String output) {
        if (succeeded) {
            run.hookSucceeded();
            return;
        }
        services.api()
                .event(
                        pod,
                        "Warning",
                        "FailedPostStartHook",
                        "PostStartHook of container " + run.name() + " failed: " + output.strip());
        RunningContainer process = run.process();
        if (process != null) {
            process.signal(Hooks.SIGKILL);
        }
    }

    private void probed(ContainerRun run, ProbeKind kind, boolean succeeded, String output) {
        if (kind == ProbeKind.LIVENESS && !run.isStarted()) {
            return;
        }
        run.probed(kind, succeeded);
        if (!succeeded) {
            String name = kind.name().charAt(0) + kind.name().substring(1).toLowerCase(java.util.Locale.ROOT);
            services.api().event(pod, "Warning", "Unhealthy", name + " probe failed: " + output.strip());
        }
        if (!succeeded && kind != ProbeKind.READINESS && stop == null) {
            services.api()
                    .event(
                            pod,
                            "Normal",
                            "Killing",
                            "Container " + run.name() + " failed " + kind.name().toLowerCase(java.util.Locale.ROOT)
                                    + " probe, will be restarted");
            hooks.terminateAndKill(run, grace());
        }
    }

    /** Does what can be done now; returns when to look again if nothing is heard before. */
    private Instant step(Instant now) {
        noticeStop(now);
        if (stop != null) {
            return stopping(stop, now);
        }
        Instant wake = deadline();
        if (!volumesReady && !prepareVolumes(now)) {
            return min(wake, volumesRetryAt);
        }
        for (ContainerRun init : inits) {
            if (init.kind() == ContainerRun.Kind.INIT && init.hasSucceeded()) {
                continue;
            }
            wake = min(wake, ensureRunning(init, now));
            if (init.kind() == ContainerRun.Kind.INIT && isOver(init)) {
                stop = Stop.because(Stop.Cause.INIT_FAILED, now.plus(grace()));
                return stopping(stop, now);
            }
            if (!StatusBuilder.letsOthersStart(init) && !mayStartLater(init)) {
                return wake;
            }
        }
        for (ContainerRun main : mains) {
            wake = min(wake, ensureRunning(main, now));
            if (main.isRunning() && !main.isHookDone()) {
                return wake;
            }
        }
        if (mains.stream().allMatch(this::isOver)) {
            stop = Stop.because(Stop.Cause.COMPLETED, now.plus(grace()));
            return stopping(stop, now);
        }
        return wake;
    }

    /** A sidecar that ran while the main containers started no longer holds anybody up. */
    private boolean mayStartLater(ContainerRun init) {
        return init.kind() == ContainerRun.Kind.SIDECAR && mains.stream().anyMatch(ContainerRun::hasEverStarted);
    }

    private boolean prepareVolumes(Instant now) {
        if (now.isBefore(volumesRetryAt)) {
            return false;
        }
        try {
            folder.create();
            volumes.prepare();
            volumesReady = true;
        } catch (ConfigException e) {
            events.warnOnce(pod, e.reason(), e.text());
            volumesRetryAt = now.plus(RETRY_CONFIG);
        } catch (IOException | RuntimeException e) {
            events.warnOnce(pod, "FailedMount", String.valueOf(e.getMessage()));
            volumesRetryAt = now.plus(RETRY_CONFIG);
        }
        if (!volumesReady) {
            mains.forEach(main -> main.waiting(inits.isEmpty() ? "ContainerCreating" : "PodInitializing", ""));
        }
        return volumesReady;
    }

    /** Starts a container that should run and doesn't. Returns when to try again, or a far time. */
    private Instant ensureRunning(ContainerRun run, Instant now) {
        if (run.isRunning() || isOver(run)) {
            return Stop.NEVER;
        }
        if (now.isBefore(run.retryAt())) {
            if (run.hasEnded()) {
                run.waiting("CrashLoopBackOff", "back-off restarting failed container " + run.name());
            }
            return run.retryAt();
        }
        try {
            Image image = starter.image(run.spec());
            events.image(pod, image);
            RunningContainer process = starter.start(run, image);
            run.running(process, Instant.now(), "tiphys://" + UUID.randomUUID());
            int attempt = run.restarts();
            Path log = folder.log(run.name(), attempt);
            services.openLogs().add(log);
            Thread.ofVirtual().start(() -> {
                Exit exit = process.await();
                services.openLogs().remove(log);
                signals.add(new Signal.Exited(run, attempt, exit));
            });
            hooks.started(run, process, image);
            services.api().event(pod, "Normal", "Started", "Started container " + run.name());
            return Stop.NEVER;
        } catch (ConfigException e) {
            run.waiting(e.reason(), e.text());
            run.retryAt(now.plus(RETRY_CONFIG));
            events.warnOnce(pod, "Failed", "Error: " + e.text());
            return run.retryAt();
        } catch (StartException e) {
            run.neverStarted(
                    "tiphys://" + UUID.randomUUID(),
                    "failed to create containerd task: failed to start container: " + e.reason(),
                    now);
            services.api().event(pod, "Warning", "Failed", "Error: " + e.reason());
            return isOver(run) ? now : run.retryAt();
        } catch (IOException e) {
            run.waiting("CreateContainerError", String.valueOf(e.getMessage()));
            run.retryAt(now.plus(RETRY_CONFIG));
            events.warnOnce(pod, "Failed", "Error: " + e.getMessage());
            return run.retryAt();
        }
    }

    /** Whether a container has ended and isn't to be started again. */
    private boolean isOver(ContainerRun run) {
        if (!run.hasEnded()) {
            return false;
        }
        String policy = pod.getSpec().getRestartPolicy();
        return switch (run.kind()) {
            case SIDECAR -> false;
            case INIT -> run.hasSucceeded() || "Never".equals(policy);
            case MAIN -> "Never".equals(policy) || ("OnFailure".equals(policy) && run.hasSucceeded());
        };
    }

    private void noticeStop(Instant now) {
        if (gone) {
            stop = Stop.because(Stop.Cause.GONE, Instant.EPOCH);
        } else if (pod.getMetadata().getDeletionTimestamp() != null) {
            Long seconds = pod.getMetadata().getDeletionGracePeriodSeconds();
            Duration grace = Duration.ofSeconds(seconds == null ? 30 : seconds);
            Stop before = stop;
            if (before == null || before.cause() != Stop.Cause.DELETED) {
                stop = Stop.because(Stop.Cause.DELETED, now.plus(grace));
            } else if (now.plus(grace).isBefore(before.killAt())) {
                stop = Stop.because(Stop.Cause.DELETED, now.plus(grace));
            }
        } else if (stop == null && !now.isBefore(deadline())) {
            stop = Stop.because(Stop.Cause.DEADLINE, now.plus(grace()));
            services.api()
                    .event(
                            pod,
                            "Normal",
                            "DeadlineExceeded",
                            "Pod was active on the node longer than the specified deadline");
        }
    }

    private Instant deadline() {
        Long seconds = pod.getSpec().getActiveDeadlineSeconds();
        return seconds == null ? Stop.NEVER : startTime.plusSeconds(seconds);
    }

    private Duration grace() {
        Long seconds = pod.getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(seconds == null ? 30 : seconds);
    }

    /** Main containers first, then sidecars from the last to the first; whoever is left when the time is up gets killed. */
    private Instant stopping(Stop why, Instant now) {
        boolean kill = !now.isBefore(why.killAt());
        if (kill) {
            killAll();
        }
        List<ContainerRun> first = new ArrayList<>(mains);
        inits.stream().filter(run -> run.kind() == ContainerRun.Kind.INIT).forEach(first::add);
        boolean firstEnded = true;
        for (ContainerRun run : first) {
            firstEnded &= !run.isRunning();
            askToEnd(run, why, now);
        }
        if (firstEnded) {
            for (ContainerRun sidecar : inits.reversed()) {
                if (sidecar.isRunning()) {
                    askToEnd(sidecar, why, now);
                    return kill ? Stop.NEVER : why.killAt();
                }
            }
            done = true;
        }
        return kill ? Stop.NEVER : why.killAt();
    }

    private void askToEnd(ContainerRun run, Stop why, Instant now) {
        if (run.isRunning() && !run.isTerminating()) {
            if (why.cause() != Stop.Cause.GONE) {
                services.api().event(pod, "Normal", "Killing", "Stopping container " + run.name());
            }
            hooks.terminate(run, Duration.between(now, why.killAt()));
        }
    }

    private void killAll() {
        for (List<ContainerRun> list : List.of(mains, inits)) {
            for (ContainerRun run : list) {
                RunningContainer process = run.process();
                if (process != null) {
                    process.signal(Hooks.SIGKILL);
                }
            }
        }
    }

    private void awaitKilled() {
        Instant limit = Instant.now().plus(CLOSE_LIMIT);
        try {
            while (Stream.concat(mains.stream(), inits.stream()).anyMatch(ContainerRun::isRunning)
                    && Instant.now().isBefore(limit)) {
                hear(limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StatusBuilder.Phase phase() {
        return broken == null
                ? PodPhase.of(stop, done, inits, mains)
                : new StatusBuilder.Phase("Failed", "NodeError", broken);
    }

    /** Says how it ended; gives the disk space back; lets the object go if that was asked for. */
    private void finish() throws InterruptedException {
        backoff.reset();
        Instant again = gone ? null : writer.writeFinal(pod, phase(), inits, mains);
        while (again != null) {
            while (!gone && !closing && Instant.now().isBefore(again)) {
                hear(again);
            }
            again = gone || closing ? null : writer.writeFinal(pod, phase(), inits, mains);
        }
        gone |= writer.isPodGone();
        hear(Instant.now());
        if (!closing) {
            confirmDeletion();
            tidyUp();
        }
    }

    private void confirmDeletion() throws InterruptedException {
        while (pod.getMetadata().getDeletionTimestamp() != null
                && !gone
                && !closing
                && services.api().confirmDeletion(pod) == PodApi.Written.FAILED) {
            hear(Instant.now().plus(backoff.next()));
        }
    }

    private void tidyUp() {
        try {
            folder.keepLogsOnly();
            if (gone) {
                folder.delete();
            }
        } catch (IOException e) {
            services.api().event(pod, "Warning", "FailedCleanup", String.valueOf(e.getMessage()));
        }
    }

    private static Instant min(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
