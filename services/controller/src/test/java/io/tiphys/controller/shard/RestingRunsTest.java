package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.engine.Engine;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Input;
import io.tiphys.engine.Limits;
import io.tiphys.engine.Run;
import io.tiphys.engine.definition.References;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RestingRunsTest {
    private final Object first = new Object();
    private final Object second = new Object();
    private final Object third = new Object();

    /** Of as many nodes: steps, their group, and the others are items. */
    private static Active run(int nodes) {
        Workflow workflow = Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: w, namespace: n, uid: u}
                spec:
                  entrypoint: main
                  templates:
                  - name: main
                    steps: [[{name: s, template: work, withSequence: {count: "%d"}}]]
                  - name: work
                    container: {image: busybox}
                """.formatted(nodes - 2), Workflow.class);
        Definition definition = Definition.of(
                workflow, References.NONE, ApiJson.mapper().convertValue(Map.of(), ArtifactRepository.class), null);
        Run run = Run.create(definition.compiled(EngineSettings.of(new Limits(100))));
        Engine.step(run, new Input.Started(Instant.EPOCH));
        assertThat(run.nodeCount()).isEqualTo(nodes);
        return new Active(definition, run);
    }

    @Test
    void aRunIsGivenBackOnceToItsOwner() {
        RestingRuns resting = new RestingRuns(100);
        Active run = run(10);
        resting.keep(first, run);
        assertThat(resting.take(second)).isNull();
        assertThat(resting.take(first)).isSameAs(run);
        assertThat(resting.take(first)).isNull();
    }

    @Test
    void theOldestGoWhenThereAreTooManyNodes() {
        RestingRuns resting = new RestingRuns(145);
        resting.keep(first, run(10));
        resting.keep(second, run(10));
        resting.keep(third, run(10));
        assertThat(resting.take(first)).isNull();
        assertThat(resting.take(second)).isNotNull();
        assertThat(resting.take(third)).isNotNull();
    }

    @Test
    void whatIsTakenOrReplacedCountsNoLonger() {
        RestingRuns resting = new RestingRuns(120);
        resting.keep(first, run(10));
        resting.keep(first, run(10));
        resting.take(first);
        resting.keep(second, run(10));
        resting.keep(third, run(10));
        assertThat(resting.take(second)).isNotNull();
        assertThat(resting.take(third)).isNotNull();
    }

    /** Each has its definition besides its nodes: twenty thousand of them once took all of a controller's memory. */
    @Test
    void smallRunsCountForMoreThanTheirNodes() {
        RestingRuns resting = new RestingRuns(110);
        resting.keep(first, run(3));
        resting.keep(second, run(3));
        resting.keep(third, run(3));
        assertThat(resting.take(first)).isNull();
        assertThat(resting.take(third)).isNotNull();
    }

    @Test
    void oneThatIsLargerThanAllIsNotKept() {
        RestingRuns resting = new RestingRuns(9);
        resting.keep(first, run(10));
        assertThat(resting.take(first)).isNull();
    }
}
