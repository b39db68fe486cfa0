package io.tiphys.local.objectstore;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The switch that tests use to break a store: rules that are consumed by the requests that they match. Safe for many threads. */
public final class Faults {
    /** A request as a rule sees it. {@code bucket}, {@code key} and {@code query} are empty where the request has none. */
    public record Request(String method, String bucket, String key, String query) {}

    private static final class Rule {
        private final Predicate<Request> matches;
        private final Fault fault;
        private int left;

        Rule(Predicate<Request> matches, Fault fault, int left) {
            this.matches = matches;
            this.fault = fault;
            this.left = left;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong injected = new AtomicLong();

    /** The next {@code times} requests that match suffer the fault. */
    public synchronized void inject(int times, Fault fault, Predicate<Request> matches) {
        rules.add(new Rule(matches, fault, times));
    }

    /** The next {@code times} requests of this method (any object) suffer the fault. */
    public void inject(int times, Fault fault, String method) {
        inject(times, fault, request -> request.method().equals(method));
    }

    public synchronized void clear() {
        rules.clear();
    }

    /** How many requests have arrived so far, broken or not. */
    public long requests() {
        return requests.get();
    }

    /** How many requests have suffered a fault so far. */
    public long injected() {
        return injected.get();
    }

    /** The fault for this request; the first rule that matches is used up by one. */
    public synchronized @Nullable Fault next(Request request) {
        requests.incrementAndGet();
        for (Iterator<Rule> it = rules.iterator(); it.hasNext(); ) {
            Rule rule = it.next();
            if (rule.matches.test(request)) {
                if (--rule.left <= 0) {
                    it.remove();
                }
                injected.incrementAndGet();
                return rule.fault;
            }
        }
        return null;
    }
}
