package io.tiphys.engine.loop;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Family;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.definition.CompiledArguments;
import io.tiphys.engine.definition.Hook;
import io.tiphys.engine.definition.Loop;
import io.tiphys.engine.definition.Unit;
import io.tiphys.engine.launch.Call;
import io.tiphys.engine.launch.Conditions;
import io.tiphys.engine.launch.Portions;
import io.tiphys.engine.launch.Slots;
import io.tiphys.engine.scope.ItemScope;
import io.tiphys.expression.Scope;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the items of a loop, as many at a time as there are slots. */
public final class LoopMachine {
    private LoopMachine() {}

    /** How far a making of items got. */
    public enum Progress {
        DONE,
        BLOCKED,
        INVALID
    }

    /** The items of a step's or task's loop, expanded once per boundary node; a condition that is false already forgives anything. */
    public static Items.Outcome items(Node boundary, int ordinal, Unit unit, Loop loop, Scope scope) {
        Family family = boundary.family();
        Integer key = ordinal;
        if (family != null && family.memo(key) instanceof Items.Outcome known) {
            return known;
        }
        Items.Outcome items = Items.expand(loop, scope);
        String unknown =
                items instanceof Items.Outcome.Expanded(var expanded) ? unknownTag(boundary, unit, expanded) : null;
        if ((unknown != null || items instanceof Items.Outcome.Problem)
                && !(Conditions.evaluate(unit.when(), scope) instanceof Conditions.Verdict.Skip)) {
            items = unknown == null ? items : new Items.Outcome.Problem("failed to resolve {{" + unknown + "}}", false);
        } else if (items instanceof Items.Outcome.Problem) {
            items = new Items.Outcome.Expanded(List.of());
        }
        if (family != null) {
            family.memo(key, items);
        }
        return items;
    }

    /**
     * A part of an item that the unit names and that one of the items hasn't: Argo looks at all of them before the first begins. It fills
     * in the hooks' arguments along with the unit's, when nothing is known yet of the unit itself.
     */
    private static @Nullable String unknownTag(Node boundary, Unit unit, List<JsonNode> items) {
        if (items.isEmpty()) {
            return null;
        }
        String own = (boundary.type() == NodeType.DAG ? "tasks." : "steps.") + unit.name() + ".";
        for (Hook hook : unit.hooks()) {
            for (String tag : tags(hook.arguments())) {
                if (tag.startsWith(own)) {
                    return tag;
                }
            }
        }
        Set<String> tags = tags(unit.arguments());
        if (unit.when() != null) {
            tags.addAll(unit.when().tags());
        }
        tags.removeIf(tag -> !tag.startsWith("item."));
        if (tags.isEmpty()) {
            return null;
        }
        for (JsonNode item : items) {
            for (String tag : tags) {
                if (!item.has(tag.substring("item.".length()))) {
                    return tag;
                }
            }
        }
        return null;
    }

    private static Set<String> tags(CompiledArguments arguments) {
        Set<String> tags = new LinkedHashSet<>();
        arguments.parameters().values().stream()
                .map(CompiledArguments.ParameterArgument::value)
                .filter(Objects::nonNull)
                .forEach(value -> tags.addAll(value.tags()));
        return tags;
    }

    /**
     * Adds items from the given one on below {@code parent}, until all are there or no slot is left.
     *
     * @param parent step group or task group
     */
    public static Progress make(
            Draft draft, Node parent, Node boundary, Unit unit, List<JsonNode> items, int from, Scope scope) {
        Conditions.@Nullable Verdict common = commonVerdict(unit, scope);
        Set<Integer> present = present(parent, unit);
        for (int i = parent.isReopened() ? 0 : from; i < items.size(); i++) {
            if (present.contains(i)) {
                continue;
            }
            if (draft.exceedsLimit()) {
                return Progress.BLOCKED; // and the workflow ends
            }
            if (Portions.isFull(draft, parent, items.size() - i)) {
                Portions.goOnLater(draft, parent);
                return Progress.BLOCKED;
            }
            JsonNode item = items.get(i);
            Scope own = new ItemScope(item, scope);
            Conditions.Verdict verdict = common != null ? common : Conditions.evaluate(unit.when(), own);
            if (verdict instanceof Conditions.Verdict.Go) {
                Event.Slot missing = Slots.missing(draft, boundary);
                if (missing != null) {
                    draft.add(new Event.NodeBlocked(parent.seq(), missing));
                    return Progress.BLOCKED;
                }
            }
            Origin origin = new Origin(Origin.Kind.ITEM, i, unit.index(), ItemText.inName(item));
            Call call = new Call(
                    parent, boundary, origin, unit.callee(), unit.name(), unit.arguments(), own, boundary.isOnExit());
            // Argo: a task's items are looked at one by one, whatever becomes of the others
            if (!Conditions.launch(draft, call, verdict) && parent.type() != NodeType.TASK_GROUP) {
                return Progress.INVALID;
            }
        }
        return Progress.DONE;
    }

    /** Items that a retry of the workflow left in place. */
    private static Set<Integer> present(Node parent, Unit unit) {
        if (!parent.isReopened()) {
            return Set.of();
        }
        Set<Integer> present = new HashSet<>();
        for (Node member : parent.members()) {
            if (member.origin().kind() == Origin.Kind.ITEM && member.origin().unit() == unit.index()) {
                present.add(member.origin().index());
            }
        }
        return present;
    }

    /** A condition that doesn't look at the item is the same for all of them. */
    private static Conditions.@Nullable Verdict commonVerdict(Unit unit, Scope scope) {
        if (unit.when() == null) {
            return new Conditions.Verdict.Go();
        }
        return unit.when().source().contains("item") ? null : Conditions.evaluate(unit.when(), scope);
    }
}
