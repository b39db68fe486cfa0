package io.tiphys.artifactgc.orphan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyFormatTest {
    @Test
    void aKeyTellsItsWorkflow() {
        KeyFormat usual = KeyFormat.of("{{workflow.name}}/{{pod.name}}");
        assertThat(usual.prefix()).isEmpty();
        assertThat(usual.owners("etl-x7/etl-x7-main-123/out.tgz")).containsExactly("etl-x7");
        assertThat(usual.owners("etl-x7/etl-x7/main.log")).containsExactly("etl-x7");

        KeyFormat dated = KeyFormat.of("logs/{{workflow.creationTimestamp.Y}}/{{ workflow.name }}/{{pod.name}}");
        assertThat(dated.prefix()).isEqualTo("logs/");
        assertThat(dated.owners("logs/2026/a/a-b-1/x/y")).containsExactly("a");

        assertThat(KeyFormat.of("pods/{{pod.name}}").owners("pods/my-wf-step-12/f"))
                .containsExactlyInAnyOrder("my-wf-step-12", "my-wf-step", "my-wf", "my");
    }

    @Test
    void whatOnlyLooksLikeOneTellsNothing() {
        KeyFormat usual = KeyFormat.of("{{workflow.name}}/{{pod.name}}");
        assertThat(usual.owners("datasets/images/part-1")).isEmpty();
        assertThat(usual.owners("uploads/argo/1f3a/x.csv")).isEmpty();
        assertThat(usual.owners("my-file")).isEmpty();
        assertThat(KeyFormat.of("{{workflow.labels.team}}").namesOwner()).isFalse();
    }
}
