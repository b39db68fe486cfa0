package io.tiphys.artifactgc.messaging;

import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.Locations;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.messages.ArtifactEvent;
import io.tiphys.messages.ArtifactsDeleted;
import io.tiphys.messages.Message;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What others are told of deletions: those of one workflow that were done together, each that failed by itself. */
final class ArtifactNews {
    private ArtifactNews() {}

    static List<Message> of(List<Outcome> outcomes, Instant now) {
        List<Message> news = new ArrayList<>();
        Map<WorkflowRef, List<ArtifactsDeleted.Deleted>> deleted = new LinkedHashMap<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Deleted(Deletion deletion) ->
                    deleted.computeIfAbsent(deletion.workflow(), _ -> new ArrayList<>())
                            .add(new ArtifactsDeleted.Deleted(
                                    deletion.nodeId(),
                                    deletion.artifact().name(),
                                    Locations.told(deletion.artifact())));
                case Outcome.Failed(Deletion deletion, String reason, boolean _) ->
                    news.add(failed(deletion, reason, now));
                case Outcome.Referenced _ -> {
                    // nothing has happened to it
                }
            }
        }
        deleted.forEach((workflow, artifacts) -> {
            for (int from = 0; from < artifacts.size(); from += ArtifactsDeleted.MOST) {
                int to = Math.min(artifacts.size(), from + ArtifactsDeleted.MOST);
                news.add(new ArtifactsDeleted(workflow, now, artifacts.subList(from, to)));
            }
        });
        return news;
    }

    private static ArtifactEvent failed(Deletion deletion, String reason, Instant now) {
        return new ArtifactEvent(
                ArtifactEvent.Type.DELETION_FAILED,
                deletion.workflow(),
                deletion.nodeId(),
                deletion.artifact().name(),
                now,
                Locations.told(deletion.artifact()),
                null,
                null,
                reason);
    }
}
