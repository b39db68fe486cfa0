package io.tiphys.controller.locks;

import io.tiphys.messages.LockMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The topic of locks: one partition, one order, compacted for those who begin to read. */
public final class SimulatedLockTopic {
    /** A record; without a message it is a tombstone. */
    record Entry(String key, @Nullable LockMessage message) {}

    private final List<Entry> log = new ArrayList<>();
    private final List<Runnable> readers = new ArrayList<>();

    void append(Entry entry) {
        log.add(entry);
        readers.forEach(Runnable::run);
    }

    /** Tells of every record that is appended. */
    void onAppend(Runnable reader) {
        readers.add(reader);
    }

    int end() {
        return log.size();
    }

    Entry at(int position) {
        return log.get(position);
    }

    /** The records before this position that compaction has left. */
    List<Entry> compacted(int end) {
        Map<String, Entry> newest = new LinkedHashMap<>();
        for (Entry entry : log.subList(0, end)) {
            newest.remove(entry.key());
            newest.put(entry.key(), entry);
        }
        newest.values().removeIf(entry -> entry.message() == null);
        return List.copyOf(newest.values());
    }
}
