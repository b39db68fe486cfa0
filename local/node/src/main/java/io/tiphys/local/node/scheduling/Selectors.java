package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Selectors of labels and of nodes. */
final class Selectors {
    private Selectors() {}

    /** Of no selector nothing is selected, of an empty one everything is. */
    static boolean matches(@Nullable LabelSelector selector, Map<String, String> labels) {
        if (selector == null) {
            return false;
        }
        boolean same = selector.getMatchLabels() == null
                || labels.entrySet().containsAll(selector.getMatchLabels().entrySet());
        return same
                && selector.getMatchExpressions().stream()
                        .allMatch(wanted ->
                                matches(wanted.getOperator(), wanted.getValues(), labels.get(wanted.getKey())));
    }

    /** A term without requirements matches no node. */
    static boolean matches(NodeSelectorTerm term, SchedulableNode node) {
        List<NodeSelectorRequirement> labels = term.getMatchExpressions();
        List<NodeSelectorRequirement> fields = term.getMatchFields();
        if (labels.isEmpty() && fields.isEmpty()) {
            return false;
        }
        return labels.stream()
                        .allMatch(wanted -> matches(
                                wanted.getOperator(),
                                wanted.getValues(),
                                node.labels().get(wanted.getKey())))
                && fields.stream()
                        .allMatch(wanted -> wanted.getKey().equals("metadata.name")
                                && matches(wanted.getOperator(), wanted.getValues(), node.name()));
    }

    private static boolean matches(String operator, List<String> values, @Nullable String value) {
        return switch (operator) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" ->
                isNumber(value) && values.size() == 1 && isNumber(values.getFirst()) && compare(value, values) > 0;
            case "Lt" ->
                isNumber(value) && values.size() == 1 && isNumber(values.getFirst()) && compare(value, values) < 0;
            default -> false;
        };
    }

    private static boolean isNumber(@Nullable String text) {
        return text != null && text.matches("-?\\d{1,18}");
    }

    private static int compare(@Nullable String value, List<String> values) {
        return new BigInteger(String.valueOf(value)).compareTo(new BigInteger(values.getFirst()));
    }
}
