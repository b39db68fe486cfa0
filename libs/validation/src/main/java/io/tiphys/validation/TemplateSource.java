package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.Template;
import io.tiphys.api.WorkflowSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object whose spec holds templates: the one that is checked, or one that it refers to. */
final class TemplateSource {
    private final String label;
    private final String namespace;
    private final WorkflowSpec spec;
    private final JsonNode tree;
    private final String path;
    private final boolean clusterScoped;
    private final Findings findings;
    private final Map<String, ResolvedTemplate> byName = new LinkedHashMap<>();

    /**
     * @param label how messages call it, such as {@code workflow template "x"}
     * @param tree the JSON of the spec
     * @param path where the spec stands in its document
     * @param findings where problems of its templates go
     */
    TemplateSource(
            String label,
            String namespace,
            WorkflowSpec spec,
            JsonNode tree,
            String path,
            boolean clusterScoped,
            Findings findings) {
        this.label = label;
        this.namespace = namespace;
        this.spec = spec;
        this.tree = tree;
        this.path = path;
        this.clusterScoped = clusterScoped;
        this.findings = findings;
        List<Template> templates = spec.templates();
        JsonNode trees = tree.path("templates");
        for (int i = 0; i < templates.size(); i++) {
            Template template = templates.get(i);
            if (template.name() != null) {
                String templatePath = JsonPaths.item(JsonPaths.field(path, "templates"), i);
                byName.putIfAbsent(template.name(), new ResolvedTemplate(template, trees.path(i), templatePath, this));
            }
        }
    }

    String label() {
        return label;
    }

    String namespace() {
        return namespace;
    }

    WorkflowSpec spec() {
        return spec;
    }

    JsonNode tree() {
        return tree;
    }

    String path() {
        return path;
    }

    boolean clusterScoped() {
        return clusterScoped;
    }

    Findings findings() {
        return findings;
    }

    /** Its templates by name, in their order; of those with the same name, the first. */
    Map<String, ResolvedTemplate> byName() {
        return byName;
    }
}
