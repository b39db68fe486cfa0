package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.ExecAction;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import io.tiphys.local.node.container.Exit;
import io.tiphys.local.node.container.RunningContainer;
import io.tiphys.local.node.image.Image;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** postStart and preStop hooks and probes of running containers; each on a virtual thread of its own, reporting by signal. */
final class Hooks {
    static final int SIGTERM = 15;
    static final int SIGKILL = 9;

    private final ContainerStarter starter;
    private final String address;
    private final Consumer<Signal> report;

    Hooks(ContainerStarter starter, String address, Consumer<Signal> report) {
        this.starter = starter;
        this.address = address;
        this.report = report;
    }

    /** What a check or a hook came to. */
    private record Outcome(boolean succeeded, String output) {}

    void started(ContainerRun run, RunningContainer process, Image image) {
        int attempt = run.restarts();
        LifecycleHandler postStart = run.spec().getLifecycle() == null
                ? null
                : run.spec().getLifecycle().getPostStart();
        if (postStart != null) {
            Thread.ofVirtual().start(() -> {
                Outcome outcome = handle(run, process, image, postStart);
                report.accept(new Signal.HookEnded(run, attempt, outcome.succeeded(), outcome.output()));
            });
        }
        probe(run, process, image, run.spec().getStartupProbe(), ProbeKind.STARTUP);
        probe(run, process, image, run.spec().getReadinessProbe(), ProbeKind.READINESS);
        probe(run, process, image, run.spec().getLivenessProbe(), ProbeKind.LIVENESS);
    }

    /** preStop, then SIGTERM, then SIGKILL when the grace is over. */
    void terminate(ContainerRun run, Duration grace) {
        RunningContainer process = run.process();
        if (process == null) {
            return;
        }
        run.markTerminating();
        LifecycleHandler preStop = run.spec().getLifecycle() == null
                ? null
                : run.spec().getLifecycle().getPreStop();
        if (grace.isNegative() || grace.isZero()) {
            process.signal(SIGKILL);
        } else if (preStop == null) {
            process.signal(SIGTERM);
        } else {
            Thread.ofVirtual().start(() -> {
                preStop(run, process, preStop);
                process.signal(SIGTERM);
            });
        }
    }

    private void preStop(ContainerRun run, RunningContainer process, LifecycleHandler preStop) {
        try {
            handle(run, process, starter.image(run.spec()), preStop);
        } catch (IOException e) {
            // The hook can't run; the container has to end all the same.
        }
    }

    /** As {@link #terminate}, and sees to SIGKILL by itself. */
    void terminateAndKill(ContainerRun run, Duration grace) {
        RunningContainer process = run.process();
        terminate(run, grace);
        if (process != null) {
            Thread.ofVirtual().start(() -> {
                sleep(grace);
                process.signal(SIGKILL);
            });
        }
    }

    private Outcome handle(ContainerRun run, RunningContainer process, Image image, LifecycleHandler handler) {
        if (handler.getSleep() != null) {
            return sleep(Duration.ofSeconds(handler.getSleep().getSeconds()));
        }
        return check(
                run,
                process,
                image,
                handler.getExec(),
                handler.getHttpGet(),
                handler.getTcpSocket(),
                Duration.ofDays(1));
    }

    private static Outcome sleep(Duration time) {
        try {
            Thread.sleep(time);
            return new Outcome(true, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted");
        }
    }

    private Outcome check(
            ContainerRun run,
            RunningContainer process,
            Image image,
            @Nullable ExecAction exec,
            @Nullable HTTPGetAction http,
            @Nullable TCPSocketAction tcp,
            Duration timeout) {
        try {
            if (exec != null) {
                return exec(run, process, image, exec.getCommand(), timeout);
            }
            if (http != null) {
                return http(run, http, timeout);
            }
            if (tcp != null) {
                try (Socket socket = new Socket()) {
                    int port = port(run, tcp.getPort());
                    socket.connect(new InetSocketAddress(tcp.getHost() == null ? address : tcp.getHost(), port), (int)
                            Math.min(timeout.toMillis(), 30_000));
                }
            }
            return new Outcome(true, "");
        } catch (IOException | RuntimeException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        }
    }

    private Outcome exec(
            ContainerRun run, RunningContainer process, Image image, List<String> command, Duration timeout)
            throws IOException {
        RunningContainer inside = starter.startInside(run, process, image, command);
        CompletableFuture<Exit> exit = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> exit.complete(inside.await()));
        try {
            Exit result = exit.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return result.code() == 0
                    ? new Outcome(true, result.output())
                    : new Outcome(false, "command exited with code " + result.code() + ": " + result.output());
        } catch (TimeoutException e) {
            inside.close();
            return new Outcome(false, "command timed out after " + timeout.toSeconds() + " s");
        } catch (ExecutionException e) {
            return new Outcome(false, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted");
        }
    }

    private Outcome http(ContainerRun run, HTTPGetAction get, Duration timeout) throws IOException {
        String host = get.getHost() == null ? address : get.getHost();
        String path = get.getPath() == null ? "/" : get.getPath();
        String scheme = get.getScheme() == null ? "http" : get.getScheme().toLowerCase(java.util.Locale.ROOT);
        URI uri = URI.create(
                scheme + "://" + host + ":" + port(run, get.getPort()) + (path.startsWith("/") ? path : "/" + path));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(timeout);
        if (get.getHttpHeaders() != null) {
            get.getHttpHeaders().forEach(header -> request.header(header.getName(), header.getValue()));
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            int status = client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
            return new Outcome(status >= 200 && status < 400, "HTTP probe failed with statuscode: " + status);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(false, "interrupted");
        }
    }

    private static int port(ContainerRun run, IntOrString port) throws IOException {
        if (port.getIntVal() != null) {
            return port.getIntVal();
        }
        return run.spec().getPorts().stream()
                .filter(candidate -> port.getStrVal().equals(candidate.getName()))
                .findFirst()
                .orElseThrow(() -> new IOException("container has no port named \"" + port.getStrVal() + "\""))
                .getContainerPort();
    }

    private void probe(ContainerRun run, RunningContainer process, Image image, @Nullable Probe probe, ProbeKind kind) {
        if (probe != null) {
            int attempt = run.restarts();
            Thread.ofVirtual().start(() -> probeLoop(run, attempt, process, image, probe, kind));
        }
    }

    private void probeLoop(
            ContainerRun run, int attempt, RunningContainer process, Image image, Probe probe, ProbeKind kind) {
        Duration period = Duration.ofSeconds(orElse(probe.getPeriodSeconds(), 10));
        Duration timeout = Duration.ofSeconds(orElse(probe.getTimeoutSeconds(), 1));
        int successThreshold = orElse(probe.getSuccessThreshold(), 1);
        int failureThreshold = orElse(probe.getFailureThreshold(), 3);
        Duration wait = Duration.ofSeconds(orElse(probe.getInitialDelaySeconds(), 0));
        int successes = 0;
        int failures = 0;
        while (process.isOpen() && sleep(wait).succeeded()) {
            Outcome outcome =
                    check(run, process, image, probe.getExec(), probe.getHttpGet(), probe.getTcpSocket(), timeout);
            successes = outcome.succeeded() ? successes + 1 : 0;
            failures = outcome.succeeded() ? 0 : failures + 1;
            if (successes == successThreshold || failures == failureThreshold) {
                report.accept(new Signal.Probed(run, attempt, kind, outcome.succeeded(), outcome.output()));
                if (kind == ProbeKind.STARTUP) {
                    return;
                }
            }
            wait = period;
        }
    }

    private static int orElse(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
