package io.tiphys.engine.locks;

import io.tiphys.engine.LockRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * All locks and all who hold or want them. Facts come in ({@link #want}, {@link #granted}, {@link #release}, {@link #limit});
 * {@link #decide} says what follows from them. A table that is told the facts of another, grants included, comes out the
 * same: only one of several needs to decide.
 *
 * <p>Locks are taken all or none. A wish has its turn when each of its locks has room and nobody of another workflow stands
 * before it: higher priority, then the older workflow, then who came first. So who waits for several locks isn't starved
 * by those who want one of them. A change costs what it makes possible, not what waits.
 */
public final class LockTable {
    /** The lock that every workflow needs where the controller's {@code parallelism} is limited. */
    public static final String ALL_WORKFLOWS = "/Parallelism";

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final Map<String, Lock> locks = new LinkedHashMap<>();
    private final Set<String> grantedBeforeSeen = new HashSet<>();
    private final Map<Crowd.Key, Crowd> crowds = new HashMap<>();

    /** Locks at which more may have become possible. */
    private final LinkedHashSet<Lock> changed = new LinkedHashSet<>();

    /** Who has to be looked at, first come first: each was the first of those whom its lock kept, or has just come. */
    private final TreeSet<Crowd> due = new TreeSet<>(Crowd.ORDER);

    private final Row untold = new Row();
    private long arrivals;

    /** The lock of a namespace's workflows where {@code namespaceParallelism} is limited. */
    public static String workflowsOf(String namespace) {
        return namespace + ALL_WORKFLOWS;
    }

    /** How a lock is used. */
    public record Usage(String lock, LockRequest.Kind kind, int held, int pending) {}

    /** Enters a wish; one that is known already changes nothing, unless it says that it is held. */
    public void want(LockWish wish) {
        Entry known = entries.get(wish.key());
        if (known != null) {
            if (wish.held() && !known.granted) {
                hold(known);
            }
            return;
        }
        List<Lock> wanted = new ArrayList<>();
        for (LockRequest request : wish.requests()) {
            Lock lock = locks.computeIfAbsent(request.name(), _ -> new Lock(request));
            if (!wanted.contains(lock)) {
                wanted.add(lock);
            }
        }
        Crowd crowd = crowds.computeIfAbsent(
                new Crowd.Key(wish.priority(), wish.createdAt(), wish.workflow(), List.copyOf(wanted)), Crowd::new);
        crowd.members++;
        Entry entry = new Entry(wish, crowd, arrivals++);
        entries.put(wish.key(), entry);
        if (wish.held() || grantedBeforeSeen.remove(wish.key())) {
            hold(entry);
        } else {
            crowd.enter(entry);
            if (crowd.parked == null) {
                makeDue(crowd);
            }
            untold.add(entry.untold);
        }
    }

    /** A grant that was decided elsewhere, perhaps before the wish is known here. */
    public void granted(String key) {
        Entry entry = entries.get(key);
        if (entry == null) {
            grantedBeforeSeen.add(key);
        } else if (!entry.granted) {
            hold(entry);
        }
    }

    /** A delay or refusal that was told elsewhere, so that it needn't be told again. */
    public void told(String key, String message) {
        Entry entry = entries.get(key);
        if (entry != null) {
            entry.told = message;
        }
    }

    /** Ends a wish, granted or not. */
    public void release(String key) {
        grantedBeforeSeen.remove(key);
        Entry entry = entries.remove(key);
        if (entry == null) {
            return;
        }
        untold.remove(entry.untold);
        Crowd crowd = entry.crowd;
        leave(entry);
        if (--crowd.members == 0) {
            crowds.remove(crowd.key);
        }
        for (Lock lock : crowd.key.locks()) {
            lock.letGo(entry);
            changed.add(lock);
            if (lock.isUnused()) {
                locks.remove(lock.name);
                changed.remove(lock);
            }
        }
    }

    /**
     * The limit of a semaphore, as it is now. Holders beyond a lower limit stay until they are done.
     *
     * @param value empty if there is none, or none that makes sense
     */
    public void limit(String lockName, OptionalInt value) {
        Lock lock = locks.get(lockName);
        if (lock == null) {
            return;
        }
        boolean wasKnown = lock.knowsLimit();
        if (lock.setLimit(value) || !wasKnown) {
            changed.add(lock);
            lock.queue.forEach(crowd -> crowd.waiting().forEach(entry -> untold.add(entry.untold)));
        }
    }

    /** Locks in use whose limit nobody said yet; who wants them gets no answer until then. */
    public List<LockRequest> unknownLimits() {
        List<LockRequest> unknown = new ArrayList<>();
        for (Lock lock : locks.values()) {
            if (!lock.knowsLimit()) {
                unknown.add(new LockRequest(lock.name, lock.kind));
            }
        }
        return unknown;
    }

    /** All locks in use. */
    public List<Usage> usage() {
        return locks.values().stream()
                .map(lock -> new Usage(lock.name, lock.kind, lock.held(), lock.pending))
                .toList();
    }

    public boolean isKnown(String key) {
        return entries.containsKey(key);
    }

    public boolean isGranted(String key) {
        Entry entry = entries.get(key);
        return entry != null && entry.granted;
    }

    /** Names of the holders of a lock, in the order in which they got it. */
    public List<String> holders(String lockName) {
        Lock lock = locks.get(lockName);
        return lock == null ? List.of() : lock.holderNames();
    }

    /** What follows from the facts since the last call; grants are in effect when this returns. */
    public List<LockAnswer> decide() {
        List<LockAnswer> answers = new ArrayList<>();
        wakeChanged();
        while (!due.isEmpty()) {
            Crowd crowd = due.removeFirst();
            crowd.isDue = false;
            look(crowd, answers);
            wakeChanged();
        }
        while (!untold.isEmpty()) {
            tell(untold.first(), answers);
        }
        return answers;
    }

    private void wakeChanged() {
        while (!changed.isEmpty()) {
            wake(changed.removeFirst());
        }
    }

    /** Only the first can go on: those behind it are looked at when it has gone, or waits elsewhere. */
    private void wake(Lock lock) {
        Crowd candidate = lock.candidate();
        if (candidate != null) {
            makeDue(candidate);
        }
    }

    private void look(Crowd crowd, List<LockAnswer> answers) {
        Lock before = crowd.parked;
        Lock missing = crowd.missing();
        if (missing == null) {
            Entry first = crowd.first();
            hold(first);
            answers.add(new LockAnswer.Granted(first.wish.key()));
        } else if (missing != before) {
            crowd.park(missing);
            if (before != null) {
                changed.add(before);
            }
        }
    }

    /** Its crowd may be due still, and is so under the order of who is first then. */
    private void leave(Entry entry) {
        Crowd crowd = entry.crowd;
        boolean wasDue = crowd.isDue;
        if (wasDue) {
            due.remove(crowd);
            crowd.isDue = false;
        }
        crowd.leave(entry);
        if (!crowd.isEmpty() && (wasDue || crowd.parked == null)) {
            makeDue(crowd);
        }
    }

    private void makeDue(Crowd crowd) {
        crowd.isDue = true;
        due.add(crowd);
    }

    private void hold(Entry entry) {
        entry.granted = true;
        untold.remove(entry.untold);
        leave(entry);
        for (Lock lock : entry.crowd.key.locks()) {
            lock.hold(entry);
            changed.add(lock); // somebody else is first in its queue now
        }
    }

    private void tell(Entry entry, List<LockAnswer> answers) {
        untold.remove(entry.untold); // a limit that isn't known yet brings it back
        List<Lock> wanted = entry.crowd.key.locks();
        for (Lock lock : wanted) {
            if (lock.isUnusable()) {
                String message = "failed to initialize semaphore " + lock.name + " with limit";
                if (!message.equals(entry.told)) {
                    entry.told = message;
                    answers.add(new LockAnswer.Refused(entry.wish.key(), message));
                }
                return;
            }
        }
        Lock missing = entry.crowd.missing();
        if (missing != null && wanted.stream().allMatch(Lock::knowsLimit)) {
            delay(entry, missing, answers);
        }
    }

    private static Map<String, List<String>> holders(Entry entry, Lock first) {
        List<Lock> wanted = entry.crowd.key.locks();
        if (first.kind == LockRequest.Kind.PARALLELISM) {
            return Map.of();
        }
        if (wanted.size() == 1) {
            return Map.of(first.name, first.holderNames());
        }
        Map<String, List<String>> holders = new LinkedHashMap<>();
        wanted.forEach(lock -> holders.put(lock.name, lock.holderNames()));
        return holders;
    }

    private static void delay(Entry entry, Lock first, List<LockAnswer> answers) {
        String message = first.message();
        if (message.equals(entry.told)) {
            return;
        }
        entry.told = message;
        answers.add(new LockAnswer.Delayed(entry.wish.key(), first.name, message, holders(entry, first)));
    }
}
