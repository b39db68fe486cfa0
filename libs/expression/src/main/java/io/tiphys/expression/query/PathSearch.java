package io.tiphys.expression.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.tiphys.expression.GoFormat;
import io.tiphys.expression.GoJson;
import io.tiphys.expression.query.PathStep.Constant;
import io.tiphys.expression.query.PathStep.Descent;
import io.tiphys.expression.query.PathStep.Elements;
import io.tiphys.expression.query.PathStep.Field;
import io.tiphys.expression.query.PathStep.Filter;
import io.tiphys.expression.query.PathStep.Range;
import io.tiphys.expression.query.PathStep.Union;
import io.tiphys.expression.query.PathStep.Wildcard;
import java.util.ArrayList;
import java.util.List;

/** Follows paths through an object; looks at a limited number of values. */
final class PathSearch {
    private final int limit;
    private int values;

    PathSearch(int limit) {
        this.limit = limit;
    }

    List<JsonNode> walk(List<JsonNode> from, List<PathStep> steps) throws QueryException {
        List<JsonNode> found = from;
        for (PathStep step : steps) {
            found = step(found, step);
            values += found.size() + 1;
            if (values > limit) {
                throw new QueryException("the path looks at more than " + limit + " values");
            }
        }
        return found;
    }

    private List<JsonNode> step(List<JsonNode> from, PathStep step) throws QueryException {
        List<JsonNode> found = new ArrayList<>();
        switch (step) {
            case Constant(var value) -> {
                // a text stands for itself once, however many values there are
                int times = value.isTextual() ? 1 : from.size();
                for (int i = 0; i < times; i++) {
                    found.add(value);
                }
            }
            case Range _ -> found.addAll(from);
            case Field(var name) -> from.forEach(value -> add(value.path(name), found));
            case Wildcard _ -> from.forEach(value -> value.forEach(found::add));
            case Descent _ -> {
                for (JsonNode value : from) {
                    descend(value, found);
                }
            }
            case Elements elements -> {
                for (JsonNode value : from) {
                    elements(value, elements, found);
                }
            }
            case Union(var alternatives) -> {
                for (List<PathStep> alternative : alternatives) {
                    found.addAll(walk(from, alternative));
                }
            }
            case Filter filter -> {
                for (JsonNode value : from) {
                    filter(value, filter, found);
                }
            }
        }
        return found;
    }

    private static void add(JsonNode value, List<JsonNode> found) {
        if (!value.isMissingNode()) {
            found.add(value);
        }
    }

    private void descend(JsonNode value, List<JsonNode> found) throws QueryException {
        if (++values > limit) {
            throw new QueryException("the path looks at more than " + limit + " values");
        }
        // a text counts as something with parts, its characters
        if (!value.isEmpty() || (value.isTextual() && !value.textValue().isEmpty())) {
            found.add(value);
            for (JsonNode part : value) {
                descend(part, found);
            }
        }
    }

    private static void elements(JsonNode value, Elements elements, List<JsonNode> found) throws QueryException {
        if (value.isNull()) {
            return;
        }
        if (!value.isArray()) {
            throw new QueryException(typeName(value) + " is not array or slice");
        }
        int length = value.size();
        int from = elements.from() == null ? 0 : elements.from();
        int to = elements.to() == null ? length : elements.to();
        from += from < 0 ? length : 0;
        to += to < 0 || (to == 0 && elements.single()) ? length : 0;
        if (from == to) {
            return;
        }
        if (from >= length || from < 0) {
            throw new QueryException("array index out of bounds: index " + from + ", length " + length);
        }
        if (to > length || to < 0) {
            throw new QueryException("array index out of bounds: index " + (to - 1) + ", length " + length);
        }
        if (from > to) {
            throw new QueryException("starting index " + from + " is greater than ending index " + to);
        }
        int step = elements.step() == null ? 1 : elements.step();
        if (step <= 0) {
            throw new QueryException("step must be > 0");
        }
        for (long i = from; i < to; i += step) {
            found.add(value.get((int) i));
        }
    }

    private void filter(JsonNode value, Filter filter, List<JsonNode> found) throws QueryException {
        if (!value.isArray()) {
            throw new QueryException(
                    GoFormat.show(GoJson.value(value)) + " is not array or slice and cannot be filtered");
        }
        for (JsonNode element : value) {
            if (filter.operator().isEmpty()) {
                if (exists(element, filter.left())) {
                    found.add(element);
                }
                continue;
            }
            List<JsonNode> left = walk(List.of(element), filter.left());
            List<JsonNode> right = left.isEmpty() ? List.of() : walk(List.of(element), filter.right());
            if (left.size() > 1 || right.size() > 1) {
                throw new QueryException("can only compare one element at a time");
            }
            if (!left.isEmpty() && !right.isEmpty() && compares(left.getFirst(), filter.operator(), right.getFirst())) {
                found.add(element);
            }
        }
    }

    private boolean exists(JsonNode element, List<PathStep> path) throws QueryException {
        try {
            return !walk(List.of(element), path).isEmpty();
        } catch (QueryException e) {
            if (values > limit) {
                throw e;
            }
            return false;
        }
    }

    private static boolean compares(JsonNode left, String operator, JsonNode right) throws QueryException {
        boolean equality = operator.equals("==") || operator.equals("!=");
        if (kind(left) != kind(right) || left.isIntegralNumber() != right.isIntegralNumber()) {
            throw new QueryException("incompatible types for comparison");
        }
        return switch (kind(left)) {
            case STRING -> ordered(left.textValue().compareTo(right.textValue()), operator);
            case NUMBER -> ordered(Double.compare(left.doubleValue(), right.doubleValue()), operator);
            case BOOLEAN -> {
                if (!equality) {
                    throw new QueryException("invalid type for comparison");
                }
                yield ordered(Boolean.compare(left.booleanValue(), right.booleanValue()), operator);
            }
            default -> throw new QueryException("invalid type for comparison");
        };
    }

    private static JsonNodeType kind(JsonNode value) {
        return value.getNodeType();
    }

    private static boolean ordered(int order, String operator) throws QueryException {
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case ">" -> order > 0;
            case "<=" -> order <= 0;
            case ">=" -> order >= 0;
            default -> throw new QueryException("unrecognized filter operator " + operator);
        };
    }

    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case STRING -> "string";
            case BOOLEAN -> "bool";
            case NUMBER -> value.isIntegralNumber() ? "int64" : "float64";
            default -> "nil";
        };
    }

    /** A number as Go prints it. */
    static String show(JsonNode number) {
        return number.isIntegralNumber() ? number.asText() : GoFormat.show(number.doubleValue());
    }
}
