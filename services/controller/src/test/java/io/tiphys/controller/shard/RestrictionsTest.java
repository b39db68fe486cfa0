package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.controller.shard.Restrictions.TemplateReferencing;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RestrictionsTest {
    private static final String HARMLESS = """
            workflowTemplateRef: {name: t}
            arguments: {parameters: [{name: a, value: b}]}
            entrypoint: main
            activeDeadlineSeconds: 60
            priority: 3
            ttlStrategy: {secondsAfterCompletion: 1}
            podGC: {strategy: OnPodCompletion}
            artifactGC: {strategy: OnWorkflowDeletion}""";

    private final Restrictions strict = new Restrictions(TemplateReferencing.STRICT, Set.of());

    private static WorkflowSpec spec(String yaml) {
        return Manifests.read(
                        "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata: {name: wf}\nspec:\n"
                                + yaml.indent(2),
                        Workflow.class)
                .getSpec();
    }

    @Test
    void anyWorkflowMayRunWithoutRestrictions() {
        assertThat(Restrictions.NONE.refusal(spec("entrypoint: main"))).isEmpty();
    }

    @Test
    void strictWantsATemplate() {
        assertThat(strict.refusal(spec("entrypoint: main")))
                .contains(
                        "workflows must use workflowTemplateRef to be executed when the controller is in reference mode");
        assertThat(strict.refusal(spec(HARMLESS))).isEmpty();
    }

    @Test
    void strictNamesAllFieldsThatMayNotBeSet() {
        assertThat(strict.refusal(spec(
                        "workflowTemplateRef: {name: t}\nserviceAccountName: root\nhostNetwork: true\ndnsPolicy: Default\n"
                                + "artifactGC: {serviceAccountName: root}")))
                .contains("fields [ArtifactGC.ServiceAccountName DNSPolicy HostNetwork ServiceAccountName]"
                        + " are not permitted when using workflowTemplateRef with templateReferencing restriction");
    }

    @Test
    void theOperatorMayAllowMore() {
        Restrictions relaxed = new Restrictions(TemplateReferencing.STRICT, Set.of("serviceAccountName"));
        assertThat(relaxed.refusal(spec("workflowTemplateRef: {name: t}\nserviceAccountName: root")))
                .isEmpty();
        assertThatThrownBy(() -> new Restrictions(TemplateReferencing.STRICT, Set.of("servicAccountName")))
                .hasMessageContaining("servicAccountName");
    }

    @Test
    void onlySecureMindsWhatChangesLater() {
        WorkflowSpec before = spec("workflowTemplateRef: {name: t}");
        WorkflowSpec after = spec("workflowTemplateRef: {name: t}\narguments: {parameters: [{name: a, value: b}]}");
        WorkflowSpec paused = spec("workflowTemplateRef: {name: t}\nsuspend: true\nshutdown: Stop");
        Restrictions secure = new Restrictions(TemplateReferencing.SECURE, Set.of());

        assertThat(strict.refusal(before, after)).isEmpty();
        assertThat(secure.refusal(before, paused)).isEmpty();
        assertThat(secure.refusal(before, after))
                .contains(
                        "WorkflowSpec may not change during execution when the controller is set `templateReferencing: Secure`");
    }
}
