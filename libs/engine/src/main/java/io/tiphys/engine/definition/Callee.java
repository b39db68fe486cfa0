package io.tiphys.engine.definition;

import io.tiphys.api.LifecycleHook;
import io.tiphys.api.Template;
import io.tiphys.api.TemplateRef;
import io.tiphys.expression.CompiledText;
import org.jspecify.annotations.Nullable;

/**
 * How a step, task or hook names the template that it runs: by name in the same scope, by reference into another object,
 * or inline. Names may hold tags.
 */
public record Callee(
        @Nullable CompiledText template,
        @Nullable CompiledText refName,
        @Nullable CompiledText refTemplate,
        boolean clusterScope,
        @Nullable Template inline) {

    static Callee of(@Nullable String template, @Nullable TemplateRef ref, @Nullable Template inline) {
        if (inline != null) {
            return new Callee(null, null, null, false, inline);
        }
        if (ref != null) {
            return new Callee(null, compiled(ref.name()), compiled(ref.template()), ref.clusterScope(), null);
        }
        return new Callee(compiled(template), null, null, false, null);
    }

    static Callee of(LifecycleHook hook) {
        return of(hook.template(), hook.templateRef(), null);
    }

    /** Calls a template of the same scope. */
    public static Callee ofTemplate(String name) {
        return of(name, null, null);
    }

    /** Whether the template is the same each time. */
    public boolean isConstant() {
        return (template == null || template.isConstant())
                && (refName == null || refName.isConstant())
                && (refTemplate == null || refTemplate.isConstant());
    }

    /** Name that pods of this template carry; empty for an inline template. */
    public String templateName() {
        if (refTemplate != null) {
            return refTemplate.source();
        }
        return template == null ? "" : template.source();
    }

    /** The reference as the status shows it, if it is one. */
    public @Nullable TemplateRef templateRef() {
        return refName == null
                ? null
                : new TemplateRef(refName.source(), refTemplate == null ? null : refTemplate.source(), clusterScope);
    }

    private static @Nullable CompiledText compiled(@Nullable String text) {
        return text == null ? null : CompiledText.compile(text);
    }
}
