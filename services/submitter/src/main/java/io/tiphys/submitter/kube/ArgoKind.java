package io.tiphys.submitter.kube;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

/** The kinds of Argo's API group that the API serves. */
public enum ArgoKind {
    WORKFLOW("Workflow", "workflows", true),
    WORKFLOW_TEMPLATE("WorkflowTemplate", "workflowtemplates", true),
    CLUSTER_WORKFLOW_TEMPLATE("ClusterWorkflowTemplate", "clusterworkflowtemplates", false),
    CRON_WORKFLOW("CronWorkflow", "cronworkflows", true),
    WORKFLOW_EVENT_BINDING("WorkflowEventBinding", "workfloweventbindings", true);

    public static final String API_VERSION = "argoproj.io/v1alpha1";

    private final String kind;
    private final String plural;
    private final boolean namespaced;

    ArgoKind(String kind, String plural, boolean namespaced) {
        this.kind = kind;
        this.plural = plural;
        this.namespaced = namespaced;
    }

    /** As written in {@code kind:}. */
    public String kind() {
        return kind;
    }

    /** As written in URLs. */
    public String plural() {
        return plural;
    }

    public boolean namespaced() {
        return namespaced;
    }

    ResourceDefinitionContext definition() {
        return new ResourceDefinitionContext.Builder()
                .withGroup("argoproj.io")
                .withVersion("v1alpha1")
                .withKind(kind)
                .withPlural(plural)
                .withNamespaced(namespaced)
                .build();
    }
}
