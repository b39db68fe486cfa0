package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.transfer.Crc64;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** Reads an artifact's objects again and compares each with the length and the CRC64 that the store keeps. */
public final class ArtifactCheck {
    private static final int BUFFER = 256 * 1024;
    private static final int MAX_PROBLEMS = 100;

    private final ArtifactStore store;
    private final List<Problem> problems = new ArrayList<>();
    private long objects;
    private long sizeBytes;
    private long withoutSum;

    /**
     * What was found.
     *
     * @param sizeBytes that were read
     * @param withoutSum objects for which the store keeps no CRC64: only their length was compared
     * @param problems the first 100
     */
    public record Report(String key, long objects, long sizeBytes, long withoutSum, List<Problem> problems) {
        public Report {
            problems = List.copyOf(problems);
        }
    }

    /** Something wrong with one object. */
    public record Problem(String key, String message) {}

    private ArtifactCheck(ArtifactStore store) {
        this.store = store;
    }

    /**
     * Checks the object of this key, or all below it if it is a directory. Takes as long as reading them does; constant memory.
     *
     * @throws StoreException if the store can't be asked at all
     */
    public static Report of(Located located) throws StoreException {
        ArtifactCheck check = new ArtifactCheck(located.store());
        if (located.store().head(located.key()).isPresent()) {
            check.check(located.key());
        } else if (located.store().abilities().contains(Ability.LIST)) {
            located.store().list(located.key() + "/", object -> check.check(object.key()));
        }
        if (check.objects == 0) {
            check.report(located.key(), "is not there");
        }
        return new Report(located.key(), check.objects, check.sizeBytes, check.withoutSum, check.problems);
    }

    private void check(String key) {
        objects++;
        try {
            StoredObject stored = store.head(key).orElse(null);
            if (stored == null) {
                report(key, "is not there");
                return;
            }
            Crc64 sum = new Crc64();
            long read = read(key, sum);
            sizeBytes += read;
            if (stored.sizeBytes() >= 0 && stored.sizeBytes() != read) {
                report(key, "has " + read + " bytes instead of " + stored.sizeBytes());
            } else if (stored.crc64() == null) {
                withoutSum++;
            } else if (!stored.crc64().equals(sum.toDecimal())) {
                report(key, "has the CRC64 " + sum.toDecimal() + " instead of " + stored.crc64());
            }
        } catch (IOException e) {
            report(key, "could not be read: " + e.getMessage());
        }
    }

    private long read(String key, Crc64 sum) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long read = 0;
        try (InputStream content = store.read(key)) {
            for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
                sum.update(buffer, 0, n);
                read += n;
            }
        }
        return read;
    }

    private void report(String key, String message) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(key, message));
        }
    }
}
