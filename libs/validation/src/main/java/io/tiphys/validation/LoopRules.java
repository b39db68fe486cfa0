package io.tiphys.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.Sequence;

/** Loops: at most one of {@code withItems}, {@code withParam}, {@code withSequence}, and what {@code item} is in each. */
final class LoopRules {
    private LoopRules() {}

    /** Checks the loop of a call and adds its items to what is known. */
    static void check(Call call, KnownVariables known, Findings findings) {
        int loops = (call.withItems().isEmpty() ? 0 : 1)
                + (Call.isGiven(call.withParam()) ? 1 : 0)
                + (call.withSequence() == null ? 0 : 1);
        if (loops > 1) {
            findings.problem(call.path(), "only one of withItems, withParam and withSequence can be given");
        }
        call.withItems().forEach(item -> addItem(item, known));
        if (Call.isGiven(call.withParam())) {
            known.add("item").addAll("item.");
        }
        Sequence sequence = call.withSequence();
        if (sequence != null) {
            known.add("item");
            if (sequence.count() != null && sequence.end() != null) {
                findings.problem(call.path("withSequence"), "only one of count and end can be given");
            }
        }
    }

    private static void addItem(JsonNode item, KnownVariables known) {
        if (item.isArray()) {
            for (int i = 0; i < item.size(); i++) {
                known.add("item.[" + i + "]");
            }
        } else if (item.isObject()) {
            item.fieldNames().forEachRemaining(key -> known.add("item." + key));
        } else {
            known.add("item");
        }
    }
}
