package io.tiphys.api;

/** What a template does. */
public enum TemplateType {
    CONTAINER("Container"),
    CONTAINER_SET("ContainerSet"),
    STEPS("Steps"),
    DAG("DAG"),
    SCRIPT("Script"),
    RESOURCE("Resource"),
    DATA("Data"),
    SUSPEND("Suspend"),
    HTTP("HTTP"),
    PLUGIN("Plugin"),
    /** None of them, in an invalid template. */
    UNKNOWN("Unknown");

    private final String text;

    TemplateType(String text) {
        this.text = text;
    }

    /** The type of a template; if it has several, the one that Argo takes. An empty list of steps is no type. */
    static TemplateType of(Template template) {
        if (template.container() != null) {
            return CONTAINER;
        }
        if (template.containerSet() != null) {
            return CONTAINER_SET;
        }
        if (!template.steps().isEmpty()) {
            return STEPS;
        }
        if (template.dag() != null) {
            return DAG;
        }
        if (template.script() != null) {
            return SCRIPT;
        }
        if (template.resource() != null) {
            return RESOURCE;
        }
        if (template.data() != null) {
            return DATA;
        }
        if (template.suspend() != null) {
            return SUSPEND;
        }
        if (template.http() != null) {
            return HTTP;
        }
        return template.plugin() != null ? PLUGIN : UNKNOWN;
    }

    /** Whether it runs in a pod of its own. */
    public boolean isPod() {
        return switch (this) {
            case CONTAINER, CONTAINER_SET, SCRIPT, RESOURCE, DATA -> true;
            case STEPS, DAG, SUSPEND, HTTP, PLUGIN, UNKNOWN -> false;
        };
    }

    /** Whether it does something itself, in a pod or through the agent, rather than calling templates or waiting. */
    public boolean isLeaf() {
        return isPod() || this == HTTP || this == PLUGIN;
    }

    @Override
    public String toString() {
        return text;
    }
}
