package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArgoResource;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.JsonPaths;
import io.tiphys.api.TemplateRef;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the templates that calls name, in the same object or in others. */
final class TemplateResolver {
    private final TemplateLookup lookup;
    private final Findings findings;
    private final Map<String, @Nullable TemplateSource> others = new HashMap<>();
    private final Map<String, String> values;

    /**
     * @param values values of variables that are known before anything runs
     * @param findings where problems in other objects are reported
     */
    TemplateResolver(TemplateLookup lookup, Map<String, String> values, Findings findings) {
        this.lookup = lookup;
        this.values = values;
        this.findings = findings;
    }

    Resolution resolve(Call call, TemplateSource base) {
        TemplateRef ref = call.templateRef();
        String name = Call.text(call.template());
        if (ref != null) {
            if (!name.isEmpty()) {
                return new Resolution.Missing(call.path("template"), "can't be given together with templateRef");
            }
            return call.inline() != null ? inline(call, base) : byRef(ref, call, base);
        }
        if (!name.isEmpty()) {
            Resolution byName = byName(name, call, base);
            return call.inline() != null && byName instanceof ResolvedTemplate ? inline(call, base) : byName;
        }
        return call.inline() != null
                ? inline(call, base)
                : new Resolution.Missing(call.path(), "needs one of template, templateRef and inline");
    }

    private static Resolution inline(Call call, TemplateSource base) {
        return new ResolvedTemplate(
                java.util.Objects.requireNonNull(call.inline()), call.tree().path("inline"), call.path("inline"), base);
    }

    private Resolution byName(String written, Call call, TemplateSource base) {
        String name = withValues(written);
        ResolvedTemplate found = base.byName().get(name);
        String path = call.tree().has("template") ? call.path("template") : call.path();
        return found != null
                ? found
                : new Resolution.Missing(
                        path,
                        "template \"" + name + "\" not found"
                                + Suggestions.known(name, base.byName().keySet()));
    }

    private Resolution byRef(TemplateRef ref, Call call, TemplateSource base) {
        String path = call.path("templateRef");
        String name = withValues(Call.text(ref.name()));
        String template = withValues(Call.text(ref.template()));
        if (name.isEmpty()) {
            return new Resolution.Missing(JsonPaths.field(path, "name"), "is required");
        }
        if (template.isEmpty()) {
            return new Resolution.Missing(JsonPaths.field(path, "template"), "is required");
        }
        if (Texts.hasTag(name)) {
            return new Resolution.Dynamic();
        }
        TemplateSource source = source(name, ref.clusterScope(), base.namespace(), path);
        if (source == null) {
            return new Resolution.Missing(JsonPaths.field(path, "name"), notFound(name, ref.clusterScope()));
        }
        if (Texts.hasTag(template)) {
            return new Resolution.Dynamic();
        }
        ResolvedTemplate found = source.byName().get(template);
        return found != null
                ? found
                : new Resolution.Missing(
                        JsonPaths.field(path, "template"),
                        "template \"" + template + "\" not found in " + source.label()
                                + Suggestions.known(template, source.byName().keySet()));
    }

    static String notFound(String name, boolean clusterScope) {
        return (clusterScope ? "cluster workflow template \"" : "workflow template \"") + name + "\" not found";
    }

    /** The object of that name, null if there is none. Its problems are reported where it was first referred to. */
    @Nullable
    TemplateSource source(String name, boolean clusterScope, String namespace, String referencePath) {
        String key = (clusterScope ? "cluster/" : "namespaced/" + namespace + "/") + name;
        if (others.containsKey(key)) {
            return others.get(key);
        }
        TemplateSource source = load(name, clusterScope, namespace, referencePath);
        others.put(key, source);
        return source;
    }

    private @Nullable TemplateSource load(String name, boolean clusterScope, String namespace, String referencePath) {
        HasMetadata object =
                clusterScope ? lookup.clusterWorkflowTemplate(name) : lookup.workflowTemplate(namespace, name);
        WorkflowSpec spec = switch (object) {
            case WorkflowTemplate template -> template.getSpec();
            case ClusterWorkflowTemplate template -> template.getSpec();
            case null, default -> null;
        };
        if (spec == null) {
            return null;
        }
        String label = (clusterScope ? "cluster workflow template \"" : "workflow template \"") + name + "\"";
        JsonNode tree = ApiJson.mapper().valueToTree(spec);
        return new TemplateSource(
                label, namespace, spec, tree, "spec", clusterScope, findings.within(referencePath, label));
    }

    /** The text with those tags replaced whose values are known now. */
    String withValues(String text) {
        String result = text;
        for (String tag : Texts.tags(text)) {
            String value = values.get(tag);
            if (value != null) {
                result = result.replaceAll(
                        "\\{\\{\\s*" + java.util.regex.Pattern.quote(tag) + "\\s*}}",
                        java.util.regex.Matcher.quoteReplacement(value));
            }
        }
        return result;
    }

    /** The kinds that hold templates for others. */
    static boolean isTemplateKind(ArgoResource<?> object) {
        return object instanceof WorkflowTemplate || object instanceof ClusterWorkflowTemplate;
    }
}
