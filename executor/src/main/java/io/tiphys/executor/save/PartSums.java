package io.tiphys.executor.save;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The sums of a file's parts, made for several neighbours at once, as that is quicker. Safe for many threads. */
final class PartSums {
    private static final int GROUP = 8;

    private final Source source;
    private final long partBytes;
    private final AtomicReferenceArray<@Nullable List<Sums>> groups;
    private final Object[] locks;

    PartSums(Source source, long partBytes, int count) {
        this.source = source;
        this.partBytes = partBytes;
        int groupCount = (count + GROUP - 1) / GROUP;
        this.groups = new AtomicReferenceArray<>(groupCount);
        this.locks = new Object[Math.min(groupCount, 16)];
        for (int n = 0; n < locks.length; n++) {
            locks[n] = new Object();
        }
    }

    Sums of(int number) throws IOException {
        int group = (number - 1) / GROUP;
        var sums = groups.get(group);
        if (sums == null) {
            synchronized (locks[group % locks.length]) {
                sums = groups.get(group);
                if (sums == null) {
                    long from = (long) group * GROUP * partBytes;
                    sums = source.sums(from, Math.min(GROUP * partBytes, source.sizeBytes() - from), partBytes);
                    groups.set(group, sums);
                }
            }
        }
        return sums.get((number - 1) % GROUP);
    }
}
