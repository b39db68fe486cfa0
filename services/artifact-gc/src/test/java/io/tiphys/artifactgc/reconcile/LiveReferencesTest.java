package io.tiphys.artifactgc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.artifactgc.plan.References;
import io.tiphys.artifactgc.plan.Workflows;
import io.tiphys.testkit.HandClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveReferencesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final Set<String> REPORT =
            References.needsOf(Workflows.reading("wf/a/report"), NOW).marks();
    private static final Set<String> OTHER =
            References.needsOf(Workflows.reading("wf/a/other"), NOW).marks();

    private final OneWorkflow kubernetes = new OneWorkflow();
    private final LiveReferences references = new LiveReferences(kubernetes, Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void aWorkflowIsReadAgainOnlyWhenItHasChanged() {
        kubernetes.current = Workflows.reading("wf/a/report");
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(references.holders(OTHER).keySet()).doesNotContainAnyElementsOf(only(OTHER, REPORT));
        assertThat(kubernetes.reads).isEqualTo(1);

        kubernetes.current = Workflows.reading("wf/a/other");
        kubernetes.current.getMetadata().setResourceVersion("4");

        assertThat(references.holders(OTHER)).containsOnlyKeys(OTHER.toArray(String[]::new));
        assertThat(references.holders(REPORT).keySet()).doesNotContainAnyElementsOf(only(REPORT, OTHER));
        assertThat(kubernetes.reads).isEqualTo(2);
    }

    private static Set<String> only(Set<String> these, Set<String> notThose) {
        Set<String> only = new HashSet<>(these);
        only.removeAll(notThose);
        return only;
    }

    @Test
    void whatIsBeingDeletedOrGoneNeedsNothingAndIsNotRead() {
        kubernetes.current = Workflows.reading("wf/a/report");
        references.holders(REPORT);

        kubernetes.current.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(references.holders(REPORT)).isEmpty();
        assertThat(kubernetes.reads).isEqualTo(1);
    }

    @Test
    void whatAPolicyTakesLaterIsNeededUntilThen() {
        Workflow delayed = Workflows.annotated(
                "{strategy: OnWorkflowCompletion}", Map.of("tiphys.io/artifact-gc-delay", "1h"), "");
        kubernetes.current = delayed;
        HandClock clock = new HandClock(NOW);
        LiveReferences then = new LiveReferences(kubernetes, clock);
        assertThat(then.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));

        clock.set(Instant.parse("2025-12-31T23:50:00Z").plus(Duration.ofHours(1)));

        assertThat(then.holders(REPORT).keySet()).noneMatch(mark -> mark.startsWith("="));
    }

    @Test
    void nodesThatAreElsewhereAreReadEachTimeUntilAllOfThemMustBeThere() {
        Workflow ended = Workflows.completed("{}", "");
        WorkflowStatus elsewhere = ended.getStatus().withOffloadNodeStatusVersion("1");

        kubernetes.current = ended.withStatus(elsewhere.withNodes(Map.of()));
        references.holders(REPORT);
        references.holders(REPORT);
        assertThat(kubernetes.reads).isEqualTo(2);

        kubernetes.current = ended.withStatus(elsewhere);
        kubernetes.current.getMetadata().setLabels(Map.of());
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(kubernetes.reads).isEqualTo(4);

        kubernetes.current.getMetadata().setLabels(Map.of("workflows.argoproj.io/completed", "true"));
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(references.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(kubernetes.reads).isEqualTo(5);
    }

    @Test
    void whatFindsNoPlaceIsReadEachTime() {
        LiveReferences small = new LiveReferences(kubernetes, Clock.fixed(NOW, ZoneOffset.UTC), 0);
        kubernetes.current = Workflows.reading("wf/a/report");

        assertThat(small.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(small.holders(REPORT)).containsOnlyKeys(REPORT.toArray(String[]::new));
        assertThat(kubernetes.reads).isEqualTo(2);
    }
}
