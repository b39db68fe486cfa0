package io.tiphys.validation;

import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.WorkflowTemplate;
import org.jspecify.annotations.Nullable;

/** Finds the templates that a manifest refers to. */
public interface TemplateLookup {
    /** Knows none. */
    TemplateLookup NONE = new TemplateLookup() {
        @Override
        public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
            return null;
        }

        @Override
        public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
            return null;
        }
    };

    /** The workflow template of that name, null if there is none. The namespace is "" if the manifest names none. */
    @Nullable
    WorkflowTemplate workflowTemplate(String namespace, String name);

    /** The cluster workflow template of that name, null if there is none. */
    @Nullable
    ClusterWorkflowTemplate clusterWorkflowTemplate(String name);
}
