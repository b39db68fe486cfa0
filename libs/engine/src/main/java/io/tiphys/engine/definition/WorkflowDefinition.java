package io.tiphys.engine.definition;

import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;

/** A workflow and all that it refers to, compiled for one run. */
public final class WorkflowDefinition {
    private final Workflow workflow;
    private final References references;

    private WorkflowDefinition(Workflow workflow, References references) {
        this.workflow = workflow;
        this.references = references;
    }

    /** Compiles a workflow; what is wrong with a template shows when a node uses it. */
    public static WorkflowDefinition compile(Workflow workflow, References references) {
        return new WorkflowDefinition(workflow, references);
    }

    public Workflow workflow() {
        return workflow;
    }

    /** The spec that is executed: the workflow's own over the template's that it instantiates. */
    public WorkflowSpec spec() {
        return workflow.getSpec();
    }

    public References references() {
        return references;
    }
}
