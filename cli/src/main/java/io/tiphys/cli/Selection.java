package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lists workflows, page by page. */
final class Selection {
    static final String COMPLETED = "workflows.argoproj.io/completed";
    static final String RESUBMITTED = "workflows.argoproj.io/resubmitted-from-workflow";
    static final String PHASE = "workflows.argoproj.io/phase";

    private static final String FIELDS =
            "metadata,items.metadata,items.spec.suspend,items.status.phase,items.status.message,"
                    + "items.status.startedAt,items.status.finishedAt,items.status.progress,items.status.estimatedDuration";

    private Selection() {}

    /**
     * The workflows, newest first.
     *
     * @param namespace "" for all
     * @param limit at most so many; 0 for all
     */
    static List<WorkflowView> list(
            ArgoServer server, String namespace, String labelSelector, int limit, boolean whole) {
        List<WorkflowView> workflows = new ArrayList<>();
        String next = "";
        do {
            Map<String, String> query = new LinkedHashMap<>();
            if (!whole) {
                query.put("fields", FIELDS);
            }
            if (!labelSelector.isEmpty()) {
                query.put("listOptions.labelSelector", labelSelector);
            }
            if (limit > 0) {
                query.put("listOptions.limit", Integer.toString(limit - workflows.size()));
            }
            if (!next.isEmpty()) {
                query.put("listOptions.continue", next);
            }
            JsonNode page = server.get(ArgoServer.path("workflows", namespace), query);
            page.path("items").forEach(item -> workflows.add(new WorkflowView(item)));
            next = page.path("metadata").path("continue").asText("");
        } while (!next.isEmpty() && (limit == 0 || workflows.size() < limit));
        return workflows;
    }

    /** Both selectors at once. */
    static String and(String one, String other) {
        return one.isEmpty() ? other : other.isEmpty() ? one : one + "," + other;
    }
}
