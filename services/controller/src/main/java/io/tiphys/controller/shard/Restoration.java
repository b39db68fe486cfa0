package io.tiphys.controller.shard;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.NodeRecord;
import io.tiphys.engine.Run;
import io.tiphys.engine.RunRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run that was made of what the journal says of it.
 *
 * @param appliedCommands ids of users' commands that are in effect in it
 */
public record Restoration(Definition definition, Run run, List<String> appliedCommands) {

    /**
     * Builds the run, its nodes' records being read by all cores. Empty if what makes a run isn't there.
     *
     * @throws UnreadableEntry for a record that isn't what it should be
     */
    public static Optional<Restoration> of(JournaledRun journaled, EngineSettings settings) {
        if (journaled.run().isEmpty() || journaled.definition().isEmpty()) {
            return Optional.empty();
        }
        JsonNode state = read(journaled.run().get(), JsonNode.class);
        Definition definition = definition(journaled.definition().get());
        RunRecord runRecord = runRecord(state, journaled.run().get());
        List<String> commands = new ArrayList<>();
        state.path("commands").forEach(id -> commands.add(id.asText()));
        List<NodeRecord> nodes = new ArrayList<>(journaled.nodes().values())
                .parallelStream().map(entry -> read(entry, NodeRecord.class)).toList();
        return Optional.of(
                new Restoration(definition, Run.restore(definition.compiled(settings), runRecord, nodes), commands));
    }

    private static Definition definition(JournaledRun.Entry entry) {
        try {
            return Definition.fromJson(ApiJson.mapper().readTree(entry.state()));
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEntry(entry.offset(), "Definition", e);
        }
    }

    private static RunRecord runRecord(JsonNode state, JournaledRun.Entry entry) {
        try {
            return ApiJson.mapper().treeToValue(state.path("run"), RunRecord.class);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEntry(entry.offset(), "RunRecord", e);
        }
    }

    private static <T> T read(JournaledRun.Entry entry, Class<T> type) {
        try {
            return ApiJson.mapper().readValue(entry.state(), type);
        } catch (IOException | RuntimeException e) {
            throw new UnreadableEntry(entry.offset(), type.getSimpleName(), e);
        }
    }

    /** A record whose state is not what it should be. */
    public static final class UnreadableEntry extends RuntimeException {
        private final long offset;

        UnreadableEntry(long offset, String type, Exception cause) {
            super("the state at offset " + offset + " is no " + type, cause);
            this.offset = offset;
        }

        /** Of the record. */
        public long offset() {
            return offset;
        }

        /** In one line. */
        public String reason() {
            String detail = getCause() == null ? "" : String.valueOf(getCause().getMessage());
            return getMessage() + ": " + detail.lines().findFirst().orElse("?");
        }
    }
}
