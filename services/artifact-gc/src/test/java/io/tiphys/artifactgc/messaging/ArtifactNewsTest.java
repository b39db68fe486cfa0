package io.tiphys.artifactgc.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactBuilder;
import io.tiphys.api.OSSArtifactBuilder;
import io.tiphys.artifactgc.plan.Deletion;
import io.tiphys.artifactgc.plan.GcStrategy;
import io.tiphys.artifactgc.plan.Outcome;
import io.tiphys.messages.ArtifactEvent;
import io.tiphys.messages.ArtifactsDeleted;
import io.tiphys.messages.Message;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArtifactNewsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final WorkflowRef ONE = new WorkflowRef("default", "one", "u-1");
    private static final WorkflowRef OTHER = new WorkflowRef("default", "other", "u-2");

    private static Deletion deletion(WorkflowRef workflow, String name) {
        Artifact artifact = ArtifactBuilder.builder()
                .name(name)
                .oss(OSSArtifactBuilder.builder()
                        .bucket("b")
                        .key("k/" + name)
                        .securityToken("canary")
                        .build())
                .build();
        return new Deletion(workflow, "node", artifact, GcStrategy.ON_WORKFLOW_DELETION);
    }

    private static List<String> names(Message message) {
        return ((ArtifactsDeleted) message)
                .artifacts().stream().map(ArtifactsDeleted.Deleted::name).toList();
    }

    @Test
    void whatWentTogetherIsToldTogetherByWorkflow() {
        List<Message> news = ArtifactNews.of(
                List.of(
                        new Outcome.Deleted(deletion(ONE, "a")),
                        new Outcome.Deleted(deletion(OTHER, "x")),
                        new Outcome.Deleted(deletion(ONE, "b"))),
                NOW);

        assertThat(news).extracting(Message::workflow).containsExactly(ONE, OTHER);
        assertThat(names(news.getFirst())).containsExactly("a", "b");
        assertThat(names(news.getLast())).containsExactly("x");
        assertThat(((ArtifactsDeleted) news.getLast()).artifacts().getFirst().location())
                .hasToString("{\"oss\":{\"bucket\":\"b\",\"key\":\"k/x\"}}")
                .asString()
                .doesNotContain("canary");
    }

    @Test
    void aFailureIsToldByItselfWithItsReasonAndWhatOthersNeedIsNoNews() {
        List<Message> news = ArtifactNews.of(
                List.of(
                        new Outcome.Failed(deletion(ONE, "a"), "access denied", false),
                        new Outcome.Referenced(deletion(ONE, "b"))),
                NOW);

        assertThat(news).singleElement().isInstanceOfSatisfying(ArtifactEvent.class, event -> {
            assertThat(event.type()).isEqualTo(ArtifactEvent.Type.DELETION_FAILED);
            assertThat(event.name()).isEqualTo("a");
            assertThat(event.message()).isEqualTo("access denied");
        });
    }

    @Test
    void veryManyAreToldInMessagesThatFitIntoARecord() {
        List<Outcome> outcomes = IntStream.range(0, 2 * ArtifactsDeleted.MOST + 1)
                .<Outcome>mapToObj(n -> new Outcome.Deleted(deletion(ONE, "a" + n)))
                .toList();

        List<Message> news = ArtifactNews.of(outcomes, NOW);

        Set<String> ids = new HashSet<>();
        List<String> told = new ArrayList<>();
        for (Message message : news) {
            ids.add(message.eventId());
            told.addAll(names(message));
        }
        assertThat(news).hasSize(3);
        assertThat(ids).hasSize(3);
        assertThat(told).doesNotHaveDuplicates().hasSize(outcomes.size());
    }
}
