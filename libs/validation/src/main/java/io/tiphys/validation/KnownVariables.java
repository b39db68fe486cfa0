package io.tiphys.validation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The variables that a text may refer to. A scope sees what its parent sees. Tags that don't look like variables of a workflow
 * are somebody else's (Helm, Jinja) and are let be.
 */
final class KnownVariables {
    private static final List<String> OURS =
            List.of("item.", "steps.", "inputs.", "outputs.", "pod.", "workflow.", "tasks.");
    /** Known only when it runs. */
    private static final List<String> ALWAYS = List.of(
            "outputs.",
            "workflow.creationTimestamp",
            "workflow.scheduledTime",
            "workflow.duration",
            "tasks.name",
            "steps.name");

    private final @Nullable KnownVariables parent;
    private final Set<String> names = new HashSet<>();
    private final Set<String> prefixes = new HashSet<>();

    KnownVariables() {
        this(null);
    }

    private KnownVariables(@Nullable KnownVariables parent) {
        this.parent = parent;
    }

    KnownVariables child() {
        return new KnownVariables(this);
    }

    KnownVariables add(String name) {
        names.add(name);
        return this;
    }

    /** Everything that starts so. */
    KnownVariables addAll(String prefix) {
        prefixes.add(prefix);
        return this;
    }

    boolean knows(String tag) {
        return names.contains(tag)
                || prefixes.stream().anyMatch(tag::startsWith)
                || (parent != null && parent.knows(tag));
    }

    /** Whether a tag is left alone or known. */
    boolean accepts(String tag) {
        return OURS.stream().noneMatch(tag::startsWith) || ALWAYS.stream().anyMatch(tag::startsWith) || knows(tag);
    }

    /** Reports tags of a text that can't be resolved. */
    void check(String path, String text, Findings findings) {
        for (String tag : Texts.tags(text)) {
            if (!accepts(tag)) {
                findings.problem(path, "{{" + tag + "}} can't be resolved" + Suggestions.known(tag, similar(tag)));
            }
        }
    }

    private Set<String> similar(String tag) {
        String start = tag.substring(0, tag.indexOf('.') + 1);
        Set<String> similar = new HashSet<>();
        for (KnownVariables scope = this; scope != null; scope = scope.parent) {
            scope.names.stream().filter(name -> name.startsWith(start)).forEach(similar::add);
        }
        return similar;
    }
}
