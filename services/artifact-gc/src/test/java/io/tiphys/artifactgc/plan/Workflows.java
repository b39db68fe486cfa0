package io.tiphys.artifactgc.plan;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import java.util.Map;

/** Workflows as they stand in Kubernetes, for tests. */
public final class Workflows {
    private Workflows() {}

    /** Two pods: `a` has written `scratch` (goes at completion) and `report` (the workflow's rule), `b` has written `keep` (never). */
    public static Workflow completed(String workflowPolicy, String extraMetadata) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata:
                  name: wf
                  namespace: default
                  uid: u-1
                  resourceVersion: "7"
                  labels: {workflows.argoproj.io/completed: "true"}
                  finalizers: [workflows.argoproj.io/artifact-gc]
                %s
                spec:
                  artifactGC: %s
                status:
                  phase: Succeeded
                  finishedAt: "2025-12-31T23:50:00Z"
                  nodes:
                    wf:
                      {id: wf, name: wf, type: Steps, phase: Succeeded, outputs: {artifacts: [{name: report, oss: {key: wf/a/report}}]}}
                    wf-1:
                      id: wf-1
                      name: wf[0].a
                      type: Pod
                      phase: Succeeded
                      outputs:
                        artifacts:
                          - {name: scratch, oss: {key: wf/a/scratch}, artifactGC: {strategy: OnWorkflowCompletion}}
                          - {name: report, oss: {key: wf/a/report}}
                    wf-2:
                      id: wf-2
                      name: wf[0].b
                      type: Pod
                      phase: Succeeded
                      outputs:
                        artifacts:
                          - {name: keep, oss: {key: wf/b/keep}, artifactGC: {strategy: Never}}
                """.formatted(extraMetadata, workflowPolicy), Workflow.class);
    }

    public static final String BEING_DELETED = "  deletionTimestamp: \"2026-01-01T00:00:00Z\"";

    /** As {@link #completed} with annotations on the workflow. */
    public static Workflow annotated(String workflowPolicy, Map<String, String> annotations, String extraMetadata) {
        Workflow workflow = completed(workflowPolicy, extraMetadata);
        workflow.getMetadata().setAnnotations(annotations);
        return workflow;
    }

    /** A workflow that runs and has this key as an argument. */
    public static Workflow reading(String key) {
        return Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: reader, namespace: other, uid: u-2, resourceVersion: "3"}
                spec:
                  arguments: {artifacts: [{name: in, oss: {key: %s}}]}
                """.formatted(key), Workflow.class);
    }
}
