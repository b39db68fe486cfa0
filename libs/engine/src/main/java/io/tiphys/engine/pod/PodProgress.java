package io.tiphys.engine.pod;

import io.tiphys.api.Template;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import org.jspecify.annotations.Nullable;

/** What a leaf says of its own progress, {@code N/M} (Argo: docs/progress.md); what isn't of this form is no progress. */
public final class PodProgress {
    /** What the pod begins with, on the template or in {@code podMetadata}. */
    public static final String ANNOTATION = "workflows.argoproj.io/progress";

    private static final String SEPARATOR = "/";

    private PodProgress() {}

    /** What the pod's annotation says before the pod itself says anything: the template's, else that of {@code podMetadata}. */
    static void toBeginWith(Draft draft, Node node, Template filled) {
        String annotation = filled.metadata().annotations().get(ANNOTATION);
        var ofAll = node.run().definition().spec().podMetadata();
        if (annotation == null && ofAll != null) {
            String text = ofAll.annotations().get(ANNOTATION);
            annotation = text != null
                            && Texts.render(
                                            CompiledText.compile(text),
                                            node.run().scope())
                                    instanceof Texts.Outcome.Text(var known)
                    ? known
                    : null;
        }
        if (node.progressDone() == 0) { // an order that is given again begins nothing anew
            report(draft, node, annotation);
        }
    }

    /** What the executor or the agent reports. */
    public static void report(Draft draft, Node node, @Nullable String progress) {
        if (progress == null || node.isFinal()) {
            return;
        }
        String[] parts = progress.strip().split(SEPARATOR, -1);
        try {
            int done = Integer.parseInt(parts[0]);
            int total = parts.length == 2 ? Integer.parseInt(parts[1]) : 0;
            boolean news = done != node.progressDone() || total != node.progressTotal();
            if (total > 0 && done >= 0 && done <= total && news) {
                draft.add(new Event.NodeProgressed(node.seq(), done, total));
            }
        } catch (NumberFormatException e) {
            return; // Argo: what isn't N/M is no progress
        }
    }
}
