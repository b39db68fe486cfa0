package io.tiphys.engine.definition;

import io.tiphys.api.NodeType;
import io.tiphys.api.Template;

/** What a template does, and the type of node that it makes. */
public enum TemplateKind {
    CONTAINER(NodeType.POD),
    SCRIPT(NodeType.POD),
    CONTAINER_SET(NodeType.POD),
    RESOURCE(NodeType.POD),
    DATA(NodeType.POD),
    STEPS(NodeType.STEPS),
    DAG(NodeType.DAG),
    SUSPEND(NodeType.SUSPEND),
    HTTP(NodeType.HTTP),
    PLUGIN(NodeType.PLUGIN),
    /** None of the type fields is set. */
    NOTHING(NodeType.SKIPPED);

    private final NodeType nodeType;

    TemplateKind(NodeType nodeType) {
        this.nodeType = nodeType;
    }

    public NodeType nodeType() {
        return nodeType;
    }

    public boolean isPod() {
        return nodeType == NodeType.POD;
    }

    static TemplateKind of(Template template) {
        if (template.container() != null) {
            return CONTAINER;
        } else if (template.script() != null) {
            return SCRIPT;
        } else if (template.containerSet() != null) {
            return CONTAINER_SET;
        } else if (template.resource() != null) {
            return RESOURCE;
        } else if (template.data() != null) {
            return DATA;
        } else if (!template.steps().isEmpty()) {
            return STEPS;
        } else if (template.dag() != null) {
            return DAG;
        } else if (template.suspend() != null) {
            return SUSPEND;
        } else if (template.http() != null) {
            return HTTP;
        } else if (template.plugin() != null) {
            return PLUGIN;
        }
        return NOTHING;
    }
}
