package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/**
 * What a node is within its parent; gives the suffix of its name.
 *
 * @param kind which rule made it
 * @param index step group, step within its group, task within its dag, item within its loop, number of the attempt
 * @param unit for loop items: the step or task that was expanded
 * @param text what the index doesn't say: the item's text, the hook's name
 */
public record Origin(
        Kind kind, int index, int unit, @Nullable String text) {

    /** The rule that made a node. */
    public enum Kind {
        /** The entry node, named as the workflow. */
        ENTRY,
        /** {@code P[i]}. */
        STEP_GROUP,
        /** {@code P[i].step}. */
        STEP,
        /** {@code P.task}. */
        TASK,
        /** {@code P[i].step(0:item)} or {@code P.task(0:item)}. */
        ITEM,
        /** {@code N(0)}. */
        ATTEMPT,
        /** {@code N.onExit}. */
        EXIT_HOOK,
        /** {@code N.hooks.name}. */
        HOOK,
        /** {@code N.container}. */
        CONTAINER
    }

    public static Origin of(Kind kind, int index) {
        return new Origin(kind, index, -1, null);
    }
}
