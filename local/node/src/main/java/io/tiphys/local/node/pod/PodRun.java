package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One pod's life on this node, from being bound until it has ended (or is gone). A loop on a virtual thread: hear what happened, look at
 * the whole pod, do what is to be done next ({@link StartOrder}, or {@link Termination} once there is a reason to end), write the status if
 * it differs. Looking at the whole each time makes lost or doubled signals harmless, as in the kubelet.
 */
public final class PodRun implements Runnable {
    private static final System.Logger LOG = System.getLogger("io.tiphys.local.node");
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration LONGEST_START = Duration.ofSeconds(10);
    /** After so many failures in a row that no pod should bring about, it is given up. */
    private static final int MAX_MISHAPS = 20;

    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final NodeServices services;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final PodContainers containers;
    private final PodFolder folder;
    private final VolumeSetup volumes;
    private final StartOrder order;
    private final Termination termination;
    private final ContainerReports reports;
    private final StatusWriter writer;
    private final Instant startTime = Instant.now();
    private final PodProgress progress;
    private final Backoff backoff = new Backoff();
    private int mishaps;
    private boolean startReported;
    private @Nullable String broken;
    private Pod pod;
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
        this.folder = PodFolder.of(services.pods(), pod.getMetadata().getUid());
        this.containers = PodContainers.of(pod, services.crashBackoff(), startsBefore);
        PodApi api = services.api();
        PodEvents events = new PodEvents(api);
        ConfigSource source = api.config(pod.getMetadata().getNamespace());
        DownwardApi downward = new DownwardApi(pod, place, services.address());
        PodVolumes podVolumes = new PodVolumes(pod, folder, services.claims(), source, downward);
        ContainerStarter starter = new ContainerStarter(
                services,
                place,
                pod,
                folder,
                podVolumes,
                new Environment(source, downward),
                new ServiceAccount(pod, folder, services.apiServer()));
        Hooks hooks = new Hooks(starter, place.address(), signals::add);
        StartAttempts attempts = new StartAttempts(services, starter, hooks, folder, events, signals::add);
        this.volumes = new VolumeSetup(folder, podVolumes, containers, events);
        this.order = new StartOrder(containers, volumes, attempts, RestartPolicy.of(pod));
        this.termination = new Termination(api, hooks, containers, startTime);
        this.reports = new ContainerReports(api, starter, folder, hooks, termination);
        this.writer = new StatusWriter(api, new StatusBuilder(services.address(), place.address(), startTime));
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
                containers.killAll();
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
                wake = writer.writeIfDue(pod, phase(), containers.inits(), containers.mains(), reportStart(wake));
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
                containers.killAll();
                awaitKilled();
                done = true;
            }
            return Instant.now().plus(backoff.next());
        }
    }

    /** Does what can be done now; returns when to look again if nothing is heard before. */
    private Instant step(Instant now) {
        termination.notice(pod, gone, now);
        if (!termination.hasBegun()) {
            switch (order.advance(pod, now)) {
                case StartOrder.Next.Look(Instant at) -> {
                    return Wake.earlier(termination.deadline(pod), at);
                }
                case StartOrder.Next.End(Stop.Cause cause) -> termination.begin(cause, pod, now);
            }
        }
        Instant wake = termination.advance(pod, now);
        done |= termination.isOver();
        return wake;
    }

    /** Lets others start when this pod has, or waits for something that takes no effort, or takes too long about it. */
    private Instant reportStart(Instant wake) {
        if (startReported) {
            return wake;
        }
        Instant now = Instant.now();
        Instant limit = startTime.plus(LONGEST_START);
        boolean waits =
                now.isBefore(volumes.retryAt()) || containers.all().anyMatch(run -> now.isBefore(run.retryAt()));
        if (termination.hasBegun()
                || waits
                || !now.isBefore(limit)
                || containers.mains().stream().allMatch(ContainerRun::hasEverStarted)) {
            startReported = true;
            progress.started();
            return wake;
        }
        return Wake.earlier(wake, limit);
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
            case Signal.OfContainer report -> reports.hear(pod, report);
        }
    }

    private void awaitKilled() {
        Instant limit = Instant.now().plus(CLOSE_LIMIT);
        try {
            while (containers.all().anyMatch(ContainerRun::isRunning)
                    && Instant.now().isBefore(limit)) {
                hear(limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private StatusBuilder.Phase phase() {
        return broken == null
                ? PodPhase.of(termination.stop(), done, containers.inits(), containers.mains())
                : new StatusBuilder.Phase("Failed", "NodeError", broken);
    }

    /** Says how it ended; gives the disk space back; lets the object go if that was asked for. */
    private void finish() throws InterruptedException {
        backoff.reset();
        Instant again = gone ? null : writeFinal();
        while (again != null) {
            while (!gone && !closing && Instant.now().isBefore(again)) {
                hear(again);
            }
            again = gone || closing ? null : writeFinal();
        }
        gone |= writer.isPodGone();
        hear(Instant.now());
        if (!closing) {
            confirmDeletion();
            tidyUp();
        }
    }

    private @Nullable Instant writeFinal() {
        return writer.writeFinal(pod, phase(), containers.inits(), containers.mains());
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
}
