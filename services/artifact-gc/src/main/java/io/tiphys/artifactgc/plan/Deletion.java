package io.tiphys.artifactgc.plan;

import io.tiphys.api.Artifact;

/**
 * One artifact that may go.
 *
 * @param nodeId the node that has written it
 * @param artifact with its location as the node's outputs record it
 */
public record Deletion(String nodeId, Artifact artifact) {}
