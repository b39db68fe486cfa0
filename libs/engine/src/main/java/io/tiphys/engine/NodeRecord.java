package io.tiphys.engine;

import io.tiphys.api.Inputs;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest state of one node as the journal keeps it: everything that a run needs to carry on, nothing that follows
 * from other records (children, outbound nodes, display name).
 *
 * @param seq order of creation within the run
 * @param parent seq of the node that it is named after; -1 for none
 * @param boundary seq of the enclosing steps or dag node; -1 for none
 * @param startedAt milliseconds since the epoch; 0 for not yet
 * @param resultSynced null: no report seen; false: report began; true: report complete
 * @param endedPhase what the pod's end means once the outputs are there; null before
 * @param memo null if its template isn't memoized
 * @param resources what its own pod used
 * @param backoffUntil milliseconds since the epoch; 0 for none
 * @param lock null if it never asked for locks
 * @param podRestarts how often its pod was made again because it had never begun
 * @param restartedPod uid of the pod that the latest restart replaced
 * @param podUid uid of the pod that was seen last; null if none was seen, nobody said, or an earlier version wrote the record
 * @param structure how the names of its steps or tasks were filled in when it began, where that can change; null elsewhere
 */
public record NodeRecord(
        int seq,
        String id,
        String name,
        int parent,
        int boundary,
        Origin origin,
        NodeType type,
        NodePhase phase,
        @Nullable String template,
        @Nullable String message,
        long startedAt,
        long finishedAt,
        @Nullable Inputs inputs,
        @Nullable Outputs outputs,
        @Nullable String hostName,
        @Nullable String podIp,
        int progressDone,
        int progressTotal,
        @Nullable Boolean resultSynced,
        boolean daemoned,
        boolean onExit,
        boolean settled,
        boolean childrenComplete,
        boolean reopened,
        boolean podSeen,
        boolean podEndRequested,
        @Nullable NodePhase endedPhase,
        @Nullable String endedMessage,
        long endedAt,
        long backoffUntil,
        @Nullable Memo memo,
        Map<String, Long> resources,
        @Nullable LockClaim lock,
        int podRestarts,
        @Nullable String restartedPod,
        @Nullable String podUid,
        @Nullable String structure) {
    public NodeRecord {
        resources = resources == null ? Map.of() : Map.copyOf(resources);
    }
}
