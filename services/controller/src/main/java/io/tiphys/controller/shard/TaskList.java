package io.tiphys.controller.shard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one workflow's agent: which the WorkflowTaskSet lists, which wait until there is room in it (an object can't hold
 * more than a megabyte), and which are to be taken out. A write of the object is made of what changed since the last one.
 */
final class TaskList {
    private static final int ROOM_CHARS = 512 * 1024;

    private final Map<String, String> waiting = new LinkedHashMap<>();
    private final Map<String, String> listed = new LinkedHashMap<>();
    private final Set<String> dropped = new HashSet<>();
    private long listedChars;

    /**
     * A write of the object.
     *
     * @param isWhole the object is to list this and nothing else
     * @param changes node id → template as JSON, or empty for a task to be taken out
     */
    record Write(boolean isWhole, Map<String, Optional<String>> changes) {}

    void add(String nodeId, String template) {
        String known = listed.get(nodeId);
        if (dropped.contains(nodeId) || !template.equals(known)) {
            waiting.put(nodeId, template);
        }
    }

    /** The task isn't wanted any more. */
    void drop(String nodeId) {
        waiting.remove(nodeId);
        if (listed.containsKey(nodeId)) {
            dropped.add(nodeId);
        }
    }

    boolean isEmpty() {
        return waiting.isEmpty() && listed.size() == dropped.size();
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    /** Tasks that are wanted. */
    List<String> wanted() {
        List<String> wanted = new ArrayList<>(waiting.keySet());
        listed.keySet().stream()
                .filter(id -> !dropped.contains(id) && !waiting.containsKey(id))
                .forEach(wanted::add);
        return wanted;
    }

    /** What to write next, or null if the object says what it should; counts as written from now on. */
    @Nullable
    Write next(boolean isWhole) {
        if (isWhole) {
            Map<String, String> all = new LinkedHashMap<>(listed);
            all.keySet().removeAll(dropped);
            all.putAll(waiting);
            listed.clear();
            dropped.clear();
            listedChars = 0;
            waiting.clear();
            waiting.putAll(all);
        }
        Map<String, Optional<String>> changes = new LinkedHashMap<>();
        Set<String> taken = Set.copyOf(dropped);
        for (String id : taken) {
            listedChars -= length(listed.remove(id));
            changes.put(id, Optional.empty());
        }
        dropped.clear();
        List<String> added = new ArrayList<>();
        for (Map.Entry<String, String> task : waiting.entrySet()) {
            int chars = task.getValue().length();
            // one that was taken out just now comes back with the next write: it is to be done again
            if (taken.contains(task.getKey())) {
                continue;
            }
            if (listedChars + chars > ROOM_CHARS && !listed.isEmpty()) {
                break;
            }
            listedChars += chars - length(listed.put(task.getKey(), task.getValue()));
            changes.put(task.getKey(), Optional.of(task.getValue()));
            added.add(task.getKey());
        }
        added.forEach(waiting::remove);
        return changes.isEmpty() && !isWhole ? null : new Write(isWhole, changes);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
