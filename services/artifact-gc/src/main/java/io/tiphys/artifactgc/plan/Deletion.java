package io.tiphys.artifactgc.plan;

import io.tiphys.api.Artifact;
import io.tiphys.messages.WorkflowRef;

/**
 * One artifact that may go.
 *
 * @param workflow whose artifact it is; Secrets that the location names are read in its namespace
 * @param nodeId the node that has written it
 * @param artifact with its whole location
 * @param strategy that takes it
 */
public record Deletion(WorkflowRef workflow, String nodeId, Artifact artifact, GcStrategy strategy) {}
