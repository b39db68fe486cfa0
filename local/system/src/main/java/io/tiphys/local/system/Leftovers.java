package io.tiphys.local.system;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Processes of an earlier run whose watcher was killed. */
final class Leftovers {
    private Leftovers() {}

    /** Ends what the last {@code instance.json} names and still runs; returns how many processes that were. */
    static int end(Home home) throws IOException {
        Optional<Instance> last = Instance.read(home.instanceFile());
        if (last.isEmpty()) {
            return 0;
        }
        List<ProcessHandle> alive = last.get().parts().stream()
                .flatMap(part -> Stream.ofNullable(part.pid()))
                .flatMap(pid -> ProcessHandle.of(pid).stream())
                .filter(handle -> belongsTo(home, handle))
                .toList();
        alive.forEach(ProcessHandle::destroy);
        for (ProcessHandle handle : alive) {
            awaitEnd(handle);
        }
        return alive.size();
    }

    /** Process ids are used again; only a process that names the instance's directory is ours. */
    private static boolean belongsTo(Home home, ProcessHandle handle) {
        return handle.isAlive()
                && handle.info()
                        .commandLine()
                        .map(line -> line.contains(home.directory().toString()))
                        .orElse(false);
    }

    private static void awaitEnd(ProcessHandle handle) {
        CompletableFuture<ProcessHandle> end = handle.onExit();
        try {
            end.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException _) {
            handle.destroyForcibly();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
