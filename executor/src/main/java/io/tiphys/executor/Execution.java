package io.tiphys.executor;

import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.EmissaryGoneException;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.executor.save.OutputSaver;
import io.tiphys.executor.stage.InputStager;
import io.tiphys.transfer.PodTask;
import io.tiphys.transfer.TaskReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One pod's work from staging to report. It may be killed at any point and started again: the gate, the sockets, the upload sessions and
 * the mark {@code reported} tell how far it had come.
 */
final class Execution {
    private static final int SIGTERM = 15;
    private static final int SIGKILL = 9;
    private static final Duration SIDECAR_GRACE = Duration.ofSeconds(10);
    private static final int ATTEMPTS_TO_REACH = 5;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

    private final PodTask task;
    private final ExecutorSettings settings;
    private final Rendezvous rendezvous;
    private final UploaderClient uploader;
    private final InputStager stager;
    private final OutputSaver saver;

    Execution(PodTask task, ExecutorSettings settings) {
        this.task = task;
        this.settings = settings;
        this.rendezvous = new Rendezvous(settings.dir());
        var connections = Connections.of(task, settings);
        var retry = connections.retry();
        var objects = connections.objects();
        this.uploader = connections.uploader();
        this.stager = new InputStager(uploader, objects, retry, settings.inputs(), settings.emissary());
        this.saver = new OutputSaver(uploader, objects, retry, rendezvous, settings.podUid());
    }

    /** Whether everything that was to be done is done and reported. */
    boolean isFinished() {
        return rendezvous.isReported();
    }

    /** Brings inputs to their places and opens the gate; {@code false} if that failed, which is reported then. */
    boolean stage() throws IOException {
        rendezvous.prepare(task, settings.emissary());
        if (rendezvous.gate().isEmpty()) {
            try {
                stager.stage(task);
                rendezvous.openGate();
            } catch (IOException e) {
                var reason = String.valueOf(e.getMessage());
                Log.error(reason);
                report(TaskReport.error(settings.podUid(), reason));
                rendezvous.closeGate(reason);
            }
        }
        return rendezvous.isOpen();
    }

    /** Waits for the containers' end, saves, reports and lets them go. */
    void save() throws IOException, InterruptedException {
        if (!rendezvous.isReported()) {
            var exitCode = awaitContainers();
            Log.info("container " + task.outputContainer() + " ended with "
                    + (exitCode == null ? "no exit code" : "exit code " + exitCode));
            stopSidecars();
            report(saver.save(task, exitCode));
        }
        release();
    }

    /** The last word when the pod ends before its containers had begun or while they were being waited for. */
    void reportInterrupted() throws IOException {
        if (!rendezvous.isReported()) {
            report(new TaskReport(
                    settings.podUid(), true, null, "the pod was stopped", null, null, List.of(), List.of(), null));
        }
    }

    private void report(TaskReport report) throws IOException {
        uploader.report(report);
        rendezvous.markReported();
        Log.info("reported" + (report.phase() == null ? "" : " " + report.phase()));
    }

    private @Nullable Integer awaitContainers() throws IOException, InterruptedException {
        var progress = Optional.ofNullable(task.progressFile())
                .map(file -> Progress.follow(rendezvous.emissary(task.outputContainer()), file, this::tellProgress));
        try {
            var codes = Parallel.map(task.containers(), Integer.MAX_VALUE, this::awaitContainer);
            int index = task.containers().indexOf(task.outputContainer());
            return index < 0 ? null : codes.get(index).orElse(null);
        } finally {
            progress.ifPresent(Progress::stop);
        }
    }

    private void tellProgress(String progress) {
        try {
            uploader.report(TaskReport.ofProgress(settings.podUid(), progress));
        } catch (IOException e) {
            Log.warn("progress was not reported: " + e.getMessage());
        }
    }

    private Optional<Integer> awaitContainer(String container) throws IOException {
        Emissary emissary;
        try {
            emissary = rendezvous.awaitEmissary(container);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for container " + container, e);
        }
        return Optional.ofNullable(awaitExit(emissary));
    }

    /** An emissary that doesn't answer is asked again: only one that stays away was killed together with its container. */
    private @Nullable Integer awaitExit(Emissary emissary) throws IOException {
        for (int n = 1; ; n++) {
            try {
                return emissary.awaitExit();
            } catch (EmissaryGoneException e) {
                var left = rendezvous.leftExitCode(emissary.container());
                if (left != null || n == ATTEMPTS_TO_REACH) {
                    return left;
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(BETWEEN_ATTEMPTS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for a container", e);
        }
    }

    private void stopSidecars() throws IOException, InterruptedException {
        rendezvous.markOver();
        var running = new ArrayList<Emissary>();
        for (var sidecar : task.sidecars()) {
            var emissary = rendezvous.emissary(sidecar);
            if (emissary.isThere()) {
                emissary.signal(SIGTERM);
                running.add(emissary);
            }
        }
        for (var emissary : running) {
            var waiting = Thread.ofVirtual().start(() -> awaitQuietly(emissary));
            if (!waiting.join(SIDECAR_GRACE)) {
                emissary.signal(SIGKILL);
            }
        }
    }

    private static void awaitQuietly(Emissary emissary) {
        try {
            emissary.awaitExit();
        } catch (IOException e) {
            return; // gone is what it was told to be
        }
    }

    private void release() throws IOException {
        for (var container : task.containers()) {
            releaseIfThere(rendezvous.emissary(container));
        }
        for (var sidecar : task.sidecars()) {
            releaseIfThere(rendezvous.emissary(sidecar));
        }
    }

    private static void releaseIfThere(Emissary emissary) throws IOException {
        if (emissary.isThere()) {
            emissary.release();
        }
    }
}
