package io.tiphys.validation;

import io.tiphys.api.Submit;
import io.tiphys.api.WorkflowEventBindingSpec;
import io.tiphys.expression.Expr;

/** Event bindings: a selector that can be read, and a template to start. */
final class EventBindingRules {
    private EventBindingRules() {}

    static void check(WorkflowEventBindingSpec spec, Findings findings) {
        String selector = spec.event() == null ? "" : spec.event().selector();
        if (selector.isEmpty()) {
            findings.warning("spec.event.selector", "is empty, so no event matches");
        } else if (Expr.compile(selector) instanceof Expr.Compilation.Invalid invalid) {
            findings.warning("spec.event.selector", invalid.toString());
        }
        Submit submit = spec.submit();
        if (submit != null
                && (submit.workflowTemplateRef() == null
                        || !Call.isGiven(submit.workflowTemplateRef().name()))) {
            findings.warning("spec.submit.workflowTemplateRef.name", "is required to start anything");
        }
    }
}
