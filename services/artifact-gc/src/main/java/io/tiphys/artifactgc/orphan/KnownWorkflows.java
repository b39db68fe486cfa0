package io.tiphys.artifactgc.orphan;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.reconcile.Archive;
import io.tiphys.artifactgc.reconcile.GcFailedException;
import io.tiphys.artifactgc.reconcile.WorkflowGateway;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The workflows that there are, live in any namespace or in the archive: their names, and once it is asked for the keys that they name. For one
 * search. In memory are names, keys and one workflow's artifacts at a time.
 *
 * <p>All methods throw {@link GcFailedException} or the client's exceptions when something can't be read: then nothing is known to be nobody's.
 */
final class KnownWorkflows {
    private static final int PAGE = 500;
    private static final int ATTEMPTS = 5;
    /** How old what is known of live workflows may be when something is deleted. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final WorkflowGateway workflows;
    private final Archive archive;
    private final Clock clock;

    private Instant read = Instant.MIN;
    private Set<String> live = Set.of();
    private Set<String> running = Set.of();
    private NamedKeys liveKeys = new NamedKeys();
    /** uid → name. */
    private @Nullable Map<String, String> archived;

    private Set<String> archivedNames = Set.of();

    private @Nullable NamedKeys archivedKeys;

    KnownWorkflows(WorkflowGateway workflows, Archive archive, Clock clock) {
        this.workflows = workflows;
        this.archive = archive;
        this.clock = clock;
    }

    /** Reads the live ones again, unless that was just done. */
    void refresh() {
        if (Duration.between(read, clock.instant()).compareTo(FRESH) < 0) {
            return;
        }
        Instant begin = clock.instant();
        Set<String> names = new HashSet<>();
        Set<String> open = new HashSet<>();
        NamedKeys keys = new NamedKeys();
        workflows.forEach(workflow -> {
            String name = workflow.getMetadata().getName();
            names.add(name);
            if (!GcPlan.isCompleted(workflow)) {
                open.add(name);
            }
            add(keys, workflow, name);
        });
        live = names;
        running = open;
        liveKeys = keys;
        read = begin;
    }

    private static void add(NamedKeys keys, Workflow workflow, String name) {
        try {
            keys.add(ApiJson.mapper().treeAsTokens(ApiJson.mapper().valueToTree(workflow)), name);
        } catch (IOException e) {
            throw new UncheckedIOException("what is in memory can be read", e);
        }
    }

    /** Whether a live workflow of one of these names runs. */
    boolean isRunning(Set<String> names) {
        return names.stream().anyMatch(running::contains);
    }

    /** Whether there is a workflow of one of these names, or one that names the key. */
    boolean knows(Set<String> names, String key) {
        if (names.stream().anyMatch(live::contains) || liveKeys.contains(key)) {
            return true;
        }
        Map<String, String> ofArchive = archived;
        if (ofArchive == null) {
            ofArchive = archive();
            archived = ofArchive;
            archivedNames = new HashSet<>(ofArchive.values());
        }
        if (names.stream().anyMatch(archivedNames::contains)) {
            return true;
        }
        NamedKeys keys = archivedKeys;
        if (keys == null) {
            keys = keys(ofArchive);
            archivedKeys = keys;
        }
        return keys.contains(key);
    }

    private NamedKeys keys(Map<String, String> ofArchive) {
        NamedKeys keys = new NamedKeys();
        ofArchive.forEach((uid, name) ->
                archive.read("the archived workflow " + name, "/v1/workflows/" + Archive.segment(uid), body -> {
                    keys.add(ApiJson.mapper().getFactory().createParser(body), name);
                    return true;
                }));
        return keys;
    }

    /** All that are archived. Pages go by position, so that one that goes meanwhile might hide another: then it is begun anew. */
    private Map<String, String> archive() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Map<String, String> found = new HashMap<>();
            if (readArchive(found)) {
                return found;
            }
        }
        throw new GcFailedException(
                "the archive changed " + ATTEMPTS + " times while its workflows were listed; try again");
    }

    private boolean readArchive(Map<String, String> found) {
        String last = "";
        for (int offset = 0; ; ) {
            JsonNode page = archive.read(
                            "the list of archived workflows",
                            "/v1/workflows?limit=" + PAGE + "&continue=" + offset,
                            ApiJson.mapper()::readTree)
                    .orElseThrow(() -> new GcFailedException("the archive has no list of its workflows"));
            boolean goesOn = last.isEmpty();
            for (JsonNode item : page.path("items")) {
                JsonNode metadata = item.path("metadata");
                goesOn |= metadata.path("uid").asText().equals(last);
                found.put(metadata.path("uid").asText(), metadata.path("name").asText());
            }
            if (!goesOn) {
                return false;
            }
            int size = page.path("items").size();
            if (size < PAGE) {
                return true;
            }
            last = page.path("items")
                    .path(size - 1)
                    .path("metadata")
                    .path("uid")
                    .asText();
            offset += size - 1; // the last one again: it must still be there
        }
    }
}
