package io.tiphys.expression.jq;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.expression.GoJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled jq filter; immutable. */
public final class JqFilter {
    private static final int MAX_LENGTH = 100_000;

    private final String source;
    private final Filter filter;

    private JqFilter(String source, Filter filter) {
        this.source = source;
        this.filter = filter;
    }

    /**
     * Reads a filter.
     *
     * @throws JqException if it is none
     */
    public static JqFilter compile(String source) throws JqException {
        if (source.length() > MAX_LENGTH) {
            throw new JqException("the filter is longer than " + MAX_LENGTH + " characters");
        }
        return new JqFilter(source, JqParser.parse(source));
    }

    /**
     * What the filter gives for the object, as Argo makes a parameter of it: each value on a line, texts as they are, the rest as JSON,
     * without white space around it all.
     *
     * @throws JqException if it fails, or takes too many steps
     */
    public String apply(JsonNode object) throws JqException {
        StringBuilder out = new StringBuilder();
        for (Object value : values(object)) {
            String line = value instanceof String text ? text : json(value);
            out.append(line).append('\n');
        }
        return out.toString().strip();
    }

    private static String json(@Nullable Object value) throws JqException {
        try {
            return GoJson.compact(value);
        } catch (RuntimeException unsupported) {
            throw new JqException(String.valueOf(unsupported.getMessage()));
        }
    }

    private List<@Nullable Object> values(JsonNode object) throws JqException {
        try {
            return Filters.all(filter, Json.normal(GoJson.value(object)), Env.root(new Env.Steps()));
        } catch (JqError error) {
            throw new JqException(String.valueOf(error.getMessage()));
        } catch (Flow.Exhausted exhausted) {
            throw new JqException("the filter takes too many steps or too much space: " + source);
        } catch (Flow left) {
            throw new JqException("break without its label: " + source);
        } catch (StackOverflowError e) {
            throw new JqException("the filter calls itself too deeply: " + source);
        }
    }

    @Override
    public String toString() {
        return source;
    }
}
