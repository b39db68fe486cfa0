package io.tiphys.uploader.agent;

import java.util.Map;

/**
 * A WorkflowTaskSet as it was seen.
 *
 * @param version the object's resource version
 * @param workflowUid of the workflow that owns it
 * @param tasks node id → template
 */
public record TaskSet(String version, String workflowUid, boolean completed, Map<String, Map<String, Object>> tasks) {}
