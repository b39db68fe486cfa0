package io.tiphys.testkit;

import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import io.tiphys.engine.LockRequest;
import io.tiphys.engine.locks.LockAnswer;
import io.tiphys.engine.locks.LockTable;
import io.tiphys.engine.locks.LockWish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** The locks of a scenario: limits come from its ConfigMaps, and other workflows may hold some. */
final class LockKeeper {
    private record Request(int node, int ticket) {}

    private final LockTable table = new LockTable();
    private final Map<String, Request> requests = new LinkedHashMap<>();
    private final Map<String, Integer> limits = new HashMap<>();
    private final String workflow;

    /**
     * @param namespace the workflow's
     * @param configMaps as {@link Documents#limits} has them
     */
    LockKeeper(String namespace, String name, Map<String, Map<String, String>> configMaps) {
        this.workflow = namespace + "/" + name;
        configMaps.forEach((map, data) -> data.forEach((key, value) -> {
            if (value.matches("-?\\d+")) {
                int slash = map.indexOf('/');
                String where = slash == 0 ? namespace : map.substring(0, slash);
                limits.put(where + "/ConfigMap" + map.substring(slash) + "/" + key, Integer.valueOf(value));
                if (map.endsWith("/workflow-sync-limits")) {
                    limits.put(where + "/Database/" + key, Integer.valueOf(value));
                }
            }
        }));
    }

    void obey(Command.AcquireLocks acquire) {
        String key = "own/" + acquire.node() + "/" + acquire.ticket();
        requests.put(key, new Request(acquire.node(), acquire.ticket()));
        String holder = acquire.nodeId().isEmpty() ? workflow : workflow + "/" + acquire.nodeId();
        table.want(new LockWish(key, "own", holder, acquire.requests(), 0, Instant.EPOCH, acquire.held()));
    }

    void obey(Command.ReleaseLocks release) {
        table.release("own/" + release.node() + "/" + release.ticket());
    }

    /** Another workflow takes this mutex. */
    void hold(String mutex) {
        LockRequest request = new LockRequest(mutex, LockRequest.Kind.MUTEX);
        table.want(new LockWish(mutex, "other", "default/other", List.of(request), 0, Instant.EPOCH, true));
    }

    void release(String mutex) {
        table.release(mutex);
    }

    List<String> holders(String lock) {
        return table.holders(lock);
    }

    List<Input> answers(Instant now) {
        for (LockRequest unknown : table.unknownLimits()) {
            Integer limit = limits.get(unknown.name());
            table.limit(unknown.name(), limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
        }
        List<Input> inputs = new ArrayList<>();
        for (LockAnswer answer : table.decide()) {
            Request request = requests.get(answer.key());
            if (request == null) {
                continue;
            }
            int node = request.node();
            int ticket = request.ticket();
            inputs.add(
                    switch (answer) {
                        case LockAnswer.Granted _ -> new Input.LocksGranted(node, ticket, now);
                        case LockAnswer.Delayed(var _, var lock, var message, var holders) ->
                            new Input.LocksDelayed(node, ticket, lock, message, holders, now);
                        case LockAnswer.Refused(var _, var message) ->
                            new Input.LocksRefused(node, ticket, message, now);
                    });
        }
        return inputs;
    }
}
