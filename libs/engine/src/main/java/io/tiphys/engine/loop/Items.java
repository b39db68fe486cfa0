package io.tiphys.engine.loop;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tiphys.api.ApiJson;
import io.tiphys.engine.definition.Loop;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** Expands loops. */
public final class Items {
    /** Argo passes numbers on as they are written. */
    private static final ObjectReader EXACT = ApiJson.mapper()
            .reader()
            .with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .without(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES);

    /** Each is in its node's name, and in those of all nodes below. */
    private static final int LONGEST_ITEM = 1 << 20;

    private Items() {}

    /** What became of it. */
    public sealed interface Outcome {
        record Expanded(List<JsonNode> items) implements Outcome {}

        /** There is no list; {@code unresolved} if what it is made of isn't known. */
        record Problem(String message, boolean unresolved) implements Outcome {}
    }

    public static Outcome expand(Loop loop, Scope scope) {
        return switch (loop) {
            case Loop.Items(var items, var document) ->
                document == null ? new Outcome.Expanded(items) : list(document, scope, "withItems");
            case Loop.Param(var json) -> list(json, scope, "withParam");
            case Loop.Numbers numbers -> numbers(numbers, scope);
        };
    }

    private static Outcome list(CompiledText text, Scope scope, String field) {
        return switch (Texts.render(text, scope)) {
            case Texts.Outcome.Problem(var message) -> new Outcome.Problem(message, true);
            case Texts.Outcome.Text(var json) -> parse(json, field);
        };
    }

    private static Outcome parse(String json, String field) {
        String reason;
        try {
            JsonNode parsed = EXACT.readTree(json);
            if (parsed.isArray()) {
                List<JsonNode> items = new ArrayList<>(parsed.size());
                parsed.forEach(items::add);
                return json.length() <= LONGEST_ITEM || items.stream().allMatch(Items::isShortEnough)
                        ? new Outcome.Expanded(items)
                        : new Outcome.Problem(
                                field + " has an item of more than " + LONGEST_ITEM
                                        + " characters, which nodes' names can't hold; pass large data as artifacts",
                                false);
            }
            if (parsed.isNull()) {
                return new Outcome.Expanded(List.of());
            }
            reason = "it is no list";
        } catch (JsonProcessingException e) {
            reason = e.getOriginalMessage();
        }
        return new Outcome.Problem(
                field + " value could not be parsed as a JSON list: " + json.strip() + ": " + reason, false);
    }

    private static boolean isShortEnough(JsonNode item) {
        return ItemText.inName(item).length() <= LONGEST_ITEM;
    }

    private static Outcome numbers(Loop.Numbers loop, Scope scope) {
        try {
            Long count = number(loop.count(), scope);
            Long start = number(loop.start(), scope);
            Long end = number(loop.end(), scope);
            String format = loop.format() == null ? "%d" : text(loop.format(), scope);
            long first = start == null ? 0 : start;
            if (end == null && count == null) {
                return new Outcome.Problem("neither end nor count was specified in withSequence", false);
            }
            if (end == null && count != null && count == 0) { // Argo counts down for less than that
                return new Outcome.Expanded(List.of());
            }
            long last = end != null ? end : first + (count == null ? 0 : count) - 1;
            Sequence items = new Sequence(first, last, format);
            items.get(0); // a bad format shows with the first number
            return new Outcome.Expanded(items);
        } catch (NotANumberException e) {
            return new Outcome.Problem(String.valueOf(e.getMessage()), false);
        } catch (IllegalFormatException e) {
            return new Outcome.Problem("withSequence: " + e.getMessage(), false);
        } catch (UnresolvedException e) {
            return new Outcome.Problem(String.valueOf(e.getMessage()), true);
        }
    }

    private static @Nullable Long number(@Nullable CompiledText text, Scope scope) {
        if (text == null) {
            return null;
        }
        String digits = text(text, scope).strip();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new NotANumberException(digits);
        }
    }

    private static String text(CompiledText text, Scope scope) {
        return switch (Texts.render(text, scope)) {
            case Texts.Outcome.Text(var rendered) -> rendered;
            case Texts.Outcome.Problem(var message) -> throw new UnresolvedException(message);
        };
    }

    /** In the words that Go has for it. */
    private static final class NotANumberException extends RuntimeException {
        NotANumberException(String text) {
            super("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    private static final class UnresolvedException extends RuntimeException {
        UnresolvedException(String message) {
            super(message);
        }
    }

    /** Numbers made when asked for: a sequence of any length costs nothing. */
    private static final class Sequence extends AbstractList<JsonNode> implements RandomAccess {
        private final long first;
        private final long last;
        private final String format;

        Sequence(long first, long last, String format) {
            this.first = first;
            this.last = last;
            this.format = format;
        }

        @Override
        public JsonNode get(int index) {
            long number = first <= last ? first + index : first - index;
            return TextNode.valueOf(format.equals("%d") ? Long.toString(number) : String.format(format, number));
        }

        @Override
        public int size() {
            long distance = Math.max(first, last) - Math.min(first, last);
            // beyond all ints, or of longs: nobody gets that far
            return distance < 0 || distance >= Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) distance + 1;
        }
    }
}
