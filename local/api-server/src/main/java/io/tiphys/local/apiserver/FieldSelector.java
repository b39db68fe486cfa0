package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A parsed {@code fieldSelector} query parameter; only the fields that Kubernetes itself can select by are allowed. */
final class FieldSelector {
    private static final Pattern TERM = Pattern.compile("([^!=]+?)(==|=|!=)(.*)");
    private static final List<String> OF_PODS = List.of(
            "spec.nodeName",
            "spec.restartPolicy",
            "spec.schedulerName",
            "spec.serviceAccountName",
            "status.phase",
            "status.podIP",
            "status.nominatedNodeName");
    private static final List<String> OF_EVENTS = List.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type");
    private static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    private record Term(String field, boolean equal, String value) {}

    private final List<Term> terms;

    private FieldSelector(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    static FieldSelector parse(ResourceType type, @Nullable String selector) {
        if (selector == null || selector.isBlank()) {
            return EVERYTHING;
        }
        List<Term> terms = new ArrayList<>();
        for (String text : selector.split(",", -1)) {
            Matcher term = TERM.matcher(text.strip());
            if (!term.matches()) {
                throw ApiException.badRequest("unable to parse field selector at \"" + text + "\"");
            }
            String field = term.group(1).strip();
            if (!field.equals("metadata.name")
                    && !field.equals("metadata.namespace")
                    && !selectableFieldNames(type).contains(field)) {
                throw ApiException.badRequest("field label not supported: " + field + " of " + type.plural());
            }
            terms.add(new Term(field, !term.group(2).equals("!="), term.group(3).strip()));
        }
        return new FieldSelector(terms);
    }

    private static List<String> selectableFieldNames(ResourceType type) {
        if (type.isPod()) {
            return OF_PODS;
        }
        return switch (type.qualifiedPlural()) {
            case "events" -> OF_EVENTS;
            case "secrets" -> List.of("type");
            case "namespaces" -> List.of("status.phase");
            case "nodes" -> List.of("spec.unschedulable");
            case "jobs.batch" -> List.of("status.successful");
            default -> List.of();
        };
    }

    /** The values of an object that a field selector may ask for, besides name and namespace. */
    static Map<String, String> selectableFields(ResourceType type, ObjectNode object) {
        List<String> names = selectableFieldNames(type);
        if (names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> fields = new HashMap<>();
        for (String name : names) {
            JsonNode at = object;
            for (String step : name.split("\\.", -1)) {
                at = at.path(step);
            }
            if (at.isObject()) {
                at = at.path("component");
            }
            fields.put(name, at.asText(""));
        }
        return Map.copyOf(fields);
    }

    boolean matches(StoredObject object) {
        for (Term term : terms) {
            String value = switch (term.field()) {
                case "metadata.name" -> object.name();
                case "metadata.namespace" -> object.namespace();
                default -> object.fields().getOrDefault(term.field(), "");
            };
            if (value.equals(term.value()) != term.equal()) {
                return false;
            }
        }
        return true;
    }

    /** The one name that can match; null when the selector doesn't fix it. */
    @Nullable
    String onlyName() {
        return terms.stream()
                .filter(term -> term.equal() && term.field().equals("metadata.name"))
                .map(Term::value)
                .findFirst()
                .orElse(null);
    }
}
