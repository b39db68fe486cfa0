package io.tiphys.submitter.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.messages.Shards;

/** Argo's names of pods: {@code <workflow>-<template>-<hash of the node's name>}; the root node's pod has the workflow's name. */
public final class PodNames {
    private static final int MAX_PREFIX = 253 - 10 - 1;

    private PodNames() {}

    public static String of(WorkflowTree workflow, JsonNode node) {
        String nodeName = node.path("name").asText("");
        String format = workflow.json()
                .path("metadata")
                .path("annotations")
                .path("workflows.argoproj.io/pod-name-format")
                .asText("v2");
        if (format.equals("v1")) {
            return node.path("id").asText("");
        }
        if (nodeName.equals(workflow.name())) {
            return workflow.name();
        }
        String template = node.path("templateName").asText("");
        if (template.isEmpty()) {
            template = node.path("templateRef").path("template").asText("");
        }
        String prefix = template.isEmpty() ? workflow.name() : workflow.name() + "-" + template;
        String cut = prefix.length() > MAX_PREFIX ? prefix.substring(0, MAX_PREFIX) : prefix;
        return cut + "-" + Integer.toUnsignedString(Shards.fnv1a32(nodeName));
    }
}
