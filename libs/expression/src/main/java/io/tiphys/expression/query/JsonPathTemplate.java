package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.tiphys.expression.GoJson;
import io.tiphys.expression.query.PathStep.Range;
import java.util.ArrayList;
import java.util.List;

/**
 * A template of {@code kubectl get -o jsonpath=…}: text outside of braces stands for itself, what is in braces for what it finds in the
 * object, values with a space between them. A field that isn't there is nothing.
 */
public final class JsonPathTemplate {
    private static final int MAX_LENGTH = 100_000;
    private static final int MAX_VALUES = 1_000_000;
    private static final int MAX_TEXT = 16 << 20;

    private final String source;
    private final List<List<PathStep>> pieces;

    private JsonPathTemplate(String source, List<List<PathStep>> pieces) {
        this.source = source;
        this.pieces = pieces;
    }

    /**
     * Reads a template.
     *
     * @throws QueryException if it is none
     */
    public static JsonPathTemplate compile(String source) throws QueryException {
        if (source.length() > MAX_LENGTH) {
            throw new QueryException("the path is longer than " + MAX_LENGTH + " characters");
        }
        return new JsonPathTemplate(source, new PathParser(source).pieces());
    }

    /**
     * What kubectl would print for the object.
     *
     * @throws QueryException if the object is not of the form that the path expects
     */
    public String apply(JsonNode object) throws QueryException {
        Run run = new Run();
        run.block(0, object, true);
        return run.out.toString();
    }

    @Override
    public String toString() {
        return source;
    }

    private final class Run {
        private final StringBuilder out = new StringBuilder();
        private final PathSearch search = new PathSearch(MAX_VALUES);
        private int depth;

        /** Evaluates from a piece to the {@code end} of its range or of the template; gives the place behind. */
        int block(int from, JsonNode value, boolean visible) throws QueryException {
            int i = from;
            while (i < pieces.size()) {
                List<PathStep> piece = pieces.get(i);
                if (has(piece, Range.END)) {
                    if (depth == 0) {
                        throw new QueryException("not in range, nothing to end");
                    }
                    return i + 1;
                }
                if (has(piece, Range.BEGIN)) {
                    i = range(i, value, visible);
                } else {
                    if (visible) {
                        print(search.walk(List.of(value), piece));
                    }
                    i++;
                }
            }
            return i;
        }

        private int range(int at, JsonNode value, boolean visible) throws QueryException {
            List<JsonNode> over = visible ? search.walk(List.of(value), pieces.get(at)) : List.of();
            depth++;
            int behind = at + 1;
            for (JsonNode each : over) {
                behind = block(at + 1, each, true);
            }
            if (over.isEmpty()) {
                behind = block(at + 1, NullNode.getInstance(), false);
            }
            depth--;
            return behind;
        }

        private boolean has(List<PathStep> piece, Range range) {
            return piece.contains(range);
        }

        private void print(List<JsonNode> values) throws QueryException {
            List<String> texts = new ArrayList<>();
            for (JsonNode value : values) {
                texts.add(
                        value.isTextual()
                                ? value.textValue()
                                : value.isNumber() ? PathSearch.show(value) : GoJson.compact(GoJson.value(value)));
            }
            out.append(String.join(" ", texts));
            if (out.length() > MAX_TEXT) {
                throw new QueryException("the result is longer than " + MAX_TEXT + " characters");
            }
        }
    }
}
