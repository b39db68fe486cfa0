package io.tiphys.executor.save;

import io.tiphys.executor.Pace;
import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.Crc64;
import io.tiphys.transfer.Uploads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one upload session. Parts come in any order and from several threads; one that fails is sent again by itself; what the store
 * has already is not sent again.
 */
final class MultipartUpload {
    private final UploaderClient uploader;
    private final ObjectClient objects;
    private final Retry retry;
    private final Pace pace;
    private final Uploads.Session session;
    private final String name;
    private final SortedMap<Integer, Uploads.Part> stored = new TreeMap<>();
    private final List<Uploads.Part> untold = new ArrayList<>();
    private final Lock asking = new ReentrantLock();
    private final Set<Integer> asked = new HashSet<>();
    private final Map<Integer, Uploads.Put> urls = new HashMap<>();

    MultipartUpload(
            UploaderClient uploader,
            ObjectClient objects,
            Retry retry,
            Pace pace,
            Uploads.Session session,
            String name) {
        this.uploader = uploader;
        this.objects = objects;
        this.retry = retry;
        this.pace = pace;
        this.session = session;
        this.name = name;
        session.parts().forEach(part -> stored.put(part.number(), part));
    }

    /** The sums of a part; asked for on each attempt, as what was damaged may have been damaged while it was being summed. */
    @FunctionalInterface
    interface Summing {
        Sums sums(int attempt) throws IOException;
    }

    synchronized boolean has(int number, long sizeBytes) {
        var part = stored.get(number);
        return part != null && part.sizeBytes() == sizeBytes;
    }

    synchronized boolean has(int number, Sums sums) {
        var part = stored.get(number);
        return part != null
                && part.sizeBytes() == sums.sizeBytes()
                && sums.md5().equals(part.md5());
    }

    /** Parts that are to be sent next, this one perhaps among them. */
    @FunctionalInterface
    interface Neighbours {
        List<Uploads.WantedPart> wanted() throws IOException;
    }

    void send(int number, Summing summing, ObjectClient.Body body) throws IOException {
        send(number, summing, body, List::of);
    }

    /** As above; URLs for the neighbours are asked for with this one's, if there is none for it yet. */
    void send(int number, Summing summing, ObjectClient.Body body, Neighbours neighbours) throws IOException {
        var attempts = new AtomicInteger();
        retry.run("upload of part " + number + " of " + name, () -> {
            try {
                int attempt = attempts.incrementAndGet();
                var sums = summing.sums(attempt);
                return sendOnce(
                        number, sums, attempt == 1 ? url(number, sums, neighbours) : freshUrl(number, sums), body);
            } catch (IOException e) {
                pace.failed();
                throw e;
            }
        });
    }

    private Uploads.Put url(int number, Sums sums, Neighbours neighbours) throws IOException {
        asking.lock();
        try {
            var known = urls.remove(number);
            if (known != null) {
                return known;
            }
            var wanted = new ArrayList<>(List.of(new Uploads.WantedPart(number, sums.sizeBytes(), sums.md5())));
            asked.add(number);
            for (var neighbour : neighbours.wanted()) {
                if (!has(neighbour.number(), neighbour.sizeBytes()) && asked.add(neighbour.number())) {
                    wanted.add(neighbour);
                }
            }
            tell(wanted).parts().forEach(url -> urls.put(url.number(), url.put()));
            return given(number, urls.remove(number));
        } finally {
            asking.unlock();
        }
    }

    private Uploads.Put freshUrl(int number, Sums sums) throws IOException {
        var wanted = List.of(new Uploads.WantedPart(number, sums.sizeBytes(), sums.md5()));
        return given(
                number,
                tell(wanted).parts().stream()
                        .filter(url -> url.number() == number)
                        .map(Uploads.PartUrl::put)
                        .findFirst()
                        .orElse(null));
    }

    private static Uploads.Put given(int number, Uploads.@Nullable Put url) throws IOException {
        if (url == null) {
            throw new IOException("the uploader gave no URL for part " + number);
        }
        return url;
    }

    private Uploads.Part sendOnce(int number, Sums sums, Uploads.Put put, ObjectClient.Body body) throws IOException {
        var answer = objects.put(put, body, sums.sizeBytes(), sums.crc64());
        var part = new Uploads.Part(
                number, sums.sizeBytes(), sums.md5(), answer.etag(), Long.toUnsignedString(sums.crc64()));
        remember(part);
        pace.carried(sums.sizeBytes());
        return part;
    }

    private synchronized void remember(Uploads.Part part) {
        stored.put(part.number(), part);
        untold.add(part);
    }

    /** Stored parts are told along with the next request; what a crash loses is merely sent again. */
    private Uploads.PartUrls tell(List<Uploads.WantedPart> wanted) throws IOException {
        var done = takeUntold();
        try {
            return uploader.parts(session.id(), new Uploads.Parts(done, wanted));
        } catch (IOException e) {
            putBack(done);
            throw e;
        }
    }

    private synchronized List<Uploads.Part> takeUntold() {
        var parts = List.copyOf(untold);
        untold.clear();
        return parts;
    }

    private synchronized void putBack(List<Uploads.Part> parts) {
        untold.addAll(parts);
    }

    Uploads.Completed complete(int partCount) throws IOException {
        if (!untold.isEmpty()) {
            tell(List.of());
        }
        long size = 0;
        long crc = 0;
        for (var part : List.copyOf(stored.values())) {
            if (part.number() > partCount) {
                continue; // of an earlier, longer attempt
            }
            crc = Crc64.combine(crc, Long.parseUnsignedLong(part.crc64()), part.sizeBytes());
            size += part.sizeBytes();
        }
        return uploader.complete(session.id(), new Uploads.Complete(size, Long.toUnsignedString(crc)));
    }
}
