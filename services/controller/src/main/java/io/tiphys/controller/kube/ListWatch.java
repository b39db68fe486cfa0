package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.api.ApiJson;
import io.tiphys.cluster.RawRequests;
import io.tiphys.cluster.WatchConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All objects of a kind with some labels: told once, then followed. Keeps no copy of them. A connection that breaks goes on
 * where it was; when the server no longer knows that point (410), everything is told again. Runs on a virtual thread of its
 * own until it is closed, with growing pauses between failures, each of which {@code tiphys.watch.failures} counts.
 *
 * @param <T> what is read of an object
 */
final class ListWatch<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);
    private static final int PAGE = 500;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);
    private static final long SHORT_NANOS = 1_000_000_000;

    /**
     * How long the server is asked to keep a watch. A peer that is gone without a word is noticed when it hasn't ended by then, and what
     * it would have told is told from {@link #position} on; bookmarks, which come before the end, keep that young.
     */
    private static final int SHORTEST_WATCH_SECONDS = 35;

    private static final int LONGEST_WATCH_SECONDS = 50;
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Who is told. Called on one thread at a time; must not block. */
    interface Listener<T> {
        /**
         * All that there is; what isn't in it is gone.
         *
         * @param all an object that came to match while it was listed may be in it twice, the later one last
         * @param version of the cluster when it was begun
         */
        void listed(List<T> all, String version);

        void seen(T object);

        void gone(T object);
    }

    /** Reads one object that the parser stands at the beginning of. */
    @FunctionalInterface
    interface Reader<T> {
        Watched<T> read(JsonParser json) throws IOException;

        /** The same of an object that is gone; what isn't needed to tell so may be left unread, whatever the parser stands at then. */
        default Watched<T> readGone(JsonParser json) throws IOException {
            return read(json);
        }
    }

    private final String what;
    private final List<String> alsoListed;
    private final String path;
    private final RawRequests requests;
    private final Reader<T> reader;
    private final Listener<T> listener;
    private final MeterRegistry metrics;
    private final IntSupplier seconds;
    private final Duration grace;
    private final JsonFactory json = ApiJson.mapper().getFactory();
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable WatchConnection connection;
    /** Where to go on; null if everything is to be told again. */
    private volatile @Nullable String position;

    /**
     * Begins to list and watch.
     *
     * @param what for logs and metrics, such as {@code pods}
     * @param path of the collection, with the selector as its query
     */
    ListWatch(
            String what,
            String path,
            RawRequests requests,
            Reader<T> reader,
            Listener<T> listener,
            MeterRegistry metrics) {
        this(what, List.of(), path, requests, reader, listener, metrics);
    }

    /**
     * The same with objects that are no more than listed.
     *
     * @param alsoListed paths of collections that are listed before
     */
    ListWatch(
            String what,
            List<String> alsoListed,
            String path,
            RawRequests requests,
            Reader<T> reader,
            Listener<T> listener,
            MeterRegistry metrics) {
        this(
                what,
                alsoListed,
                path,
                requests,
                reader,
                listener,
                metrics,
                () -> ThreadLocalRandom.current().nextInt(SHORTEST_WATCH_SECONDS, LONGEST_WATCH_SECONDS),
                GRACE);
    }

    /**
     * The same with other patience.
     *
     * @param seconds that the server is asked to keep a watch
     * @param grace how much later its end may come
     */
    ListWatch(
            String what,
            List<String> alsoListed,
            String path,
            RawRequests requests,
            Reader<T> reader,
            Listener<T> listener,
            MeterRegistry metrics,
            IntSupplier seconds,
            Duration grace) {
        this.seconds = seconds;
        this.grace = grace;
        this.what = what;
        this.alsoListed = List.copyOf(alsoListed);
        this.path = path;
        this.requests = requests;
        this.reader = reader;
        this.listener = listener;
        this.metrics = metrics;
        this.thread = Thread.ofVirtual().name("watch-" + what).start(this::run);
    }

    @Override
    public void close() {
        closed = true;
        WatchConnection open = connection;
        if (open != null) {
            open.close();
        }
        thread.interrupt();
    }

    private void run() {
        int failures = 0;
        try {
            while (!closed) {
                try {
                    String from = position;
                    if (from == null) {
                        from = list();
                        position = from;
                    }
                    long begun = System.nanoTime();
                    follow(from);
                    failures = 0;
                    if (System.nanoTime() - begun < SHORT_NANOS) {
                        pause(1); // whatever ends it so soon, it must not keep the server busy
                    }
                } catch (IOException | RuntimeException e) { // whatever it is, it must not end the watch
                    if (closed) {
                        return;
                    }
                    failures++;
                    metrics.counter("tiphys.watch.failures", "what", what).increment();
                    LOG.warn("watch of {} failed and is tried again: {}", what, e.toString());
                    pause(failures);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(int failures) throws InterruptedException {
        long ceiling = Math.min(FIRST_PAUSE.toMillis() << Math.min(failures - 1, 10), LONGEST_PAUSE.toMillis());
        Thread.sleep(ThreadLocalRandom.current().nextLong(ceiling / 2, ceiling + 1));
    }

    // --- list ---

    /** Tells all that there is; returns from where a watch can go on. */
    private String list() throws IOException {
        List<T> all = new ArrayList<>();
        String first = "";
        for (String other : alsoListed) {
            String version = list(other, all);
            first = first.isEmpty() ? version : first;
        }
        String last = list(path, all);
        if (!closed) {
            listener.listed(all, first.isEmpty() ? last : first);
        }
        return last;
    }

    private String list(String collection, List<T> into) throws IOException {
        Page page = new Page("", "");
        do {
            String more = page.next.isEmpty() ? "" : "&continue=" + RawRequests.encoded(page.next);
            page = page(requests.get(collection + "limit=" + PAGE + more), into);
        } while (!page.next.isEmpty() && !closed);
        return page.resourceVersion;
    }

    private record Page(String resourceVersion, String next) {}

    private Page page(byte[] list, List<T> into) throws IOException {
        Page page = new Page("", "");
        try (JsonParser parser = json.createParser(list)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "metadata" -> page = listMetadata(parser);
                    case "items" -> items(parser, into);
                    default -> parser.skipChildren();
                }
            }
        }
        return page;
    }

    private void items(JsonParser parser, List<T> into) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return; // null: there are none
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            T object = reader.read(parser).object();
            if (object != null) {
                into.add(object);
            }
        }
    }

    private static Page listMetadata(JsonParser parser) throws IOException {
        String resourceVersion = "";
        String next = "";
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "resourceVersion" -> resourceVersion = parser.getValueAsString("");
                case "continue" -> next = parser.getValueAsString("");
                default -> parser.skipChildren();
            }
        }
        return new Page(resourceVersion, next);
    }

    // --- watch ---

    /** Tells what changes until the connection ends. */
    private void follow(String from) throws IOException, InterruptedException {
        int asked = seconds.getAsInt();
        String query = "watch=1&allowWatchBookmarks=true&timeoutSeconds=%d&resourceVersion=%s"
                .formatted(asked, RawRequests.encoded(from));
        try (WatchConnection open = requests.watch(path + query, this::line)) {
            connection = open;
            metrics.counter("tiphys.watch.connections", "what", what).increment();
            if (!closed) {
                open.awaitEnd(Duration.ofSeconds(asked).plus(grace));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != WatchConnection.GONE) {
                throw e;
            }
            expire();
        } finally {
            connection = null;
        }
    }

    private void expire() {
        LOG.info("watch of {} has missed something, all of them are listed again", what);
        metrics.counter("tiphys.watch.expired", "what", what).increment();
        position = null;
    }

    /** One event. What can't be read of it must not keep us from the next one. */
    private void line(byte[] bytes, int offset, int length) throws IOException {
        if (closed || length == 0) {
            return;
        }
        try (JsonParser parser = json.createParser(bytes, offset, length)) {
            String type = "";
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "type" -> type = parser.getValueAsString("");
                    case "object" -> {
                        event(type, parser);
                        return; // it is the last field, and may not have been read to its end
                    }
                    default -> parser.skipChildren();
                }
            }
        } catch (JacksonException | RuntimeException e) {
            metrics.counter("tiphys.watch.unreadable", "what", what).increment();
            LOG.error("an event of the watch of {} can't be read and is left out", what, e);
        }
    }

    /** The type comes first, as in every server's WatchEvent. */
    private void event(String type, JsonParser parser) throws IOException {
        if (type.equals("ERROR")) {
            int code = code(parser);
            if (code != WatchConnection.GONE) {
                throw new IOException("the watch of " + what + " ended with an error, code " + code);
            }
            expire();
            return;
        }
        Watched<T> read = type.equals("DELETED") ? reader.readGone(parser) : reader.read(parser);
        T object = read.object();
        if (object != null) {
            switch (type) {
                case "ADDED", "MODIFIED" -> listener.seen(object);
                case "DELETED" -> listener.gone(object);
                default -> {
                    // a bookmark: only where we are
                }
            }
        }
        if (!read.resourceVersion().isEmpty()) {
            position = read.resourceVersion();
        }
    }

    private static int code(JsonParser parser) throws IOException {
        int code = 0;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            if (field.equals("code")) {
                code = parser.getValueAsInt();
            } else {
                parser.skipChildren();
            }
        }
        return code;
    }
}
