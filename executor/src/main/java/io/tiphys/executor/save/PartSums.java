package io.tiphys.executor.save;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The sums of a file's parts, made for several neighbours at once, as that is quicker; the next neighbours' are made while these are being
 * sent, so that nobody waits for them. Safe for many threads; nothing reads the file any more once it is closed.
 */
final class PartSums implements AutoCloseable {
    private static final int GROUP = 8;

    private final Source source;
    private final long partBytes;
    private final int groupCount;
    private final Map<Integer, FutureTask<List<Sums>>> groups = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PartSums(Source source, long partBytes, int count) {
        this.source = source;
        this.partBytes = partBytes;
        this.groupCount = (count + GROUP - 1) / GROUP;
    }

    /** @throws IOException if the part can't be read; whoever asks next has it tried again, as that may have passed */
    Sums of(int number) throws IOException {
        int group = (number - 1) / GROUP;
        var making = begun(group);
        try {
            var sums = making.get();
            if (group + 1 < groupCount) {
                var _ = begun(group + 1); // whoever needs it waits for it
            }
            return sums.get((number - 1) % GROUP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file's parts were being summed");
        } catch (ExecutionException e) {
            groups.remove(group, making);
            throw failure(e.getCause());
        }
    }

    private FutureTask<List<Sums>> begun(int group) {
        return groups.computeIfAbsent(group, _ -> {
            var making = new FutureTask<>(() -> sums(group));
            threads.execute(making);
            return making;
        });
    }

    private List<Sums> sums(int group) throws IOException {
        long from = (long) group * GROUP * partBytes;
        return source.sums(from, Math.min(GROUP * partBytes, source.sizeBytes() - from), partBytes);
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException e -> e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case null, default -> new IOException(cause);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
