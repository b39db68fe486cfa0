package io.tiphys.artifacts;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Clients of a store's SDK, one for each endpoint and identity. Identities come and go as Secrets are rotated: a client that nobody has asked
 * for during an hour is closed when another one is made.
 *
 * @param <K> what makes a client another one; its {@code equals} counts
 * @param <C> a client, safe for many threads
 */
public final class Clients<K, C> implements AutoCloseable {
    /** Longer than any single call on a client lasts between two look-ups. */
    private static final Duration KEPT_IDLE = Duration.ofHours(1);

    private static final class Entry<C> {
        private final C client;
        private long usedAtMillis;

        Entry(C client, long usedAtMillis) {
            this.client = client;
            this.usedAtMillis = usedAtMillis;
        }
    }

    private final Function<K, C> connect;
    private final Consumer<C> disconnect;
    private final InstantSource clock;
    private final Map<K, Entry<C>> clients = new LinkedHashMap<>(16, 0.75f, true);

    public Clients(Function<K, C> connect, Consumer<C> disconnect, InstantSource clock) {
        this.connect = connect;
        this.disconnect = disconnect;
        this.clock = clock;
    }

    /** The client of that key, made when there is none yet; making one must not talk to the network. */
    public C of(K key) {
        List<C> idle = new ArrayList<>();
        try {
            synchronized (this) {
                long now = clock.millis();
                @Nullable Entry<C> known = clients.get(key);
                if (known != null) {
                    known.usedAtMillis = now;
                    return known.client;
                }
                long oldest = now - KEPT_IDLE.toMillis();
                clients.values().removeIf(entry -> entry.usedAtMillis < oldest && idle.add(entry.client));
                C made = connect.apply(key);
                clients.put(key, new Entry<>(made, now));
                return made;
            }
        } finally {
            idle.forEach(disconnect);
        }
    }

    @Override
    public synchronized void close() {
        clients.values().forEach(entry -> disconnect.accept(entry.client));
        clients.clear();
    }
}
