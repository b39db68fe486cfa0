package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class LatestObjectTest {
    private final LatestObject object = new LatestObject();

    private static Workflow workflow(String version, String phase) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: w, namespace: n, uid: u, resourceVersion: "%s", labels: {a: b}}
                spec: {entrypoint: main, templates: [{name: main, container: {image: busybox}}]}
                status: {phase: %s, startedAt: "2026-01-01T00:00:00Z", nodes: {w: {id: w, name: w, type: Pod, phase: %s}}}
                """.formatted(version, phase, phase), Workflow.class);
    }

    @Test
    void aPackedObjectIsTheSame() {
        Workflow workflow = workflow("7", "Succeeded");
        assertThat(object.isKnown()).isFalse();
        object.pack();
        assertThat(object.get()).isNull();

        assertThat(object.see(workflow, 1)).isTrue();
        object.pack();
        object.pack();
        assertThat(object.isKnown()).isTrue();
        assertThat(object.get()).isNotSameAs(workflow);
        assertThat(Manifests.toJson(Objects.requireNonNull(object.get()))).isEqualTo(Manifests.toJson(workflow));
    }

    @Test
    void onlyALaterOneTakesThePlaceOfAPackedObject() {
        object.see(workflow("7", "Succeeded"), 1);
        object.pack();

        assertThat(object.take(workflow("6", "Running"))).isFalse();
        assertThat(Objects.requireNonNull(object.get()).getStatus().phase().json())
                .isEqualTo("Succeeded");

        Workflow later = workflow("8", "Running");
        assertThat(object.take(later)).isTrue();
        assertThat(object.get()).isSameAs(later);
    }
}
