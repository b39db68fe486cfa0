package io.tiphys.conformance.simulation;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifest;
import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.definition.ConfigMapArguments;
import io.tiphys.testkit.Scenario;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The caches of a case: what its ConfigMaps hold, and what its nodes put there. */
final class Caches {
    private static final String TYPE = ConfigMapArguments.LABEL;

    private final Map<String, String> problems = new HashMap<>();
    private final Map<String, Entry> entries = new HashMap<>();

    private record Entry(Outputs outputs, Instant createdAt) {}

    /** An entry as Argo writes it; old ones have capital letters. */
    private record Kept(
            @JsonProperty("nodeID") @JsonAlias("NodeID") @Nullable
            String nodeId,

            @JsonAlias("Outputs") @Nullable Outputs outputs,
            @JsonProperty("creationTimestamp") @Nullable Instant createdAt) {}

    Caches(List<Manifest> documents) {
        for (Manifest document : documents) {
            if (document.kind().equals("ConfigMap")) {
                add(document);
            }
        }
    }

    private void add(Manifest map) {
        String type = map.tree().path("metadata").path("labels").path(TYPE).asText("");
        if (type.isEmpty()) {
            problems.put(map.name(), "memoization configmap doesn't have " + TYPE + " label, refusing to use it");
        } else if (!type.equals("Cache")) {
            problems.put(
                    map.name(), "memoization configmap doesn't have label " + TYPE + " = Cache, refusing to use it");
        } else {
            map.tree().path("data").properties().forEach(entry -> add(map.name(), entry.getKey(), entry.getValue()));
        }
    }

    private void add(String cache, String key, JsonNode text) {
        try {
            Kept kept = ApiJson.mapper().readValue(text.asText(), Kept.class);
            if (kept.nodeId() != null && !kept.nodeId().isEmpty()) {
                entries.put(
                        cache + "/" + key,
                        new Entry(
                                Objects.requireNonNullElse(kept.outputs(), Outputs.NONE),
                                Objects.requireNonNullElse(kept.createdAt(), Instant.EPOCH)));
            }
        } catch (JsonProcessingException e) {
            problems.put(
                    cache,
                    "malformed cache entry: could not unmarshal JSON; unable to parse: " + e.getOriginalMessage());
        }
    }

    /** Answers whoever has asked; false if nobody has. */
    boolean answer(Scenario scenario) {
        List<Command.SaveCache> saves = scenario.openSaves();
        for (Command.SaveCache save : saves) {
            Outputs outputs = Objects.requireNonNullElse(save.outputs(), Outputs.NONE);
            entries.put(save.cacheName() + "/" + save.key(), new Entry(outputs, scenario.now()));
            scenario.savedOf(name(scenario, save.nodeId()));
        }
        List<Command.LookUpCache> lookups = scenario.openLookups();
        for (Command.LookUpCache lookup : lookups) {
            String node = name(scenario, lookup.nodeId());
            Entry kept = entries.get(lookup.cacheName() + "/" + lookup.key());
            String problem = problems.get(lookup.cacheName());
            if (problem != null) {
                scenario.cacheFails(node, problem);
            } else if (kept == null) {
                scenario.cacheLacks(node);
            } else {
                scenario.cacheHas(node, kept.outputs(), kept.createdAt());
            }
        }
        return !saves.isEmpty() || !lookups.isEmpty();
    }

    private static String name(Scenario scenario, String nodeId) {
        return Objects.requireNonNull(scenario.run().node(nodeId)).name();
    }
}
