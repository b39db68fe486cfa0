package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tiphys.testkit.simulator.Dice;
import java.util.ArrayList;
import java.util.List;

/** Changes of a manifest that know what a template, a step and a field are, one at a time. */
final class TreeMutations {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** A tree of more values isn't changed any more, and no list grows to more: mutations multiply each other. */
    private static final int MOST = 30_000;

    /** A field of an object or an element of a list, and how to change it. */
    private record Place(JsonNode holder, String field, int index) {
        JsonNode value() {
            return holder instanceof ObjectNode object ? object.path(field) : holder.path(index);
        }

        void set(JsonNode value) {
            if (holder instanceof ObjectNode object) {
                object.set(field, value);
            } else if (holder instanceof ArrayNode array) {
                array.set(index, value);
            }
        }

        void remove() {
            if (holder instanceof ObjectNode object) {
                object.remove(field);
            } else if (holder instanceof ArrayNode array) {
                array.remove(index);
            }
        }
    }

    private final Dice dice;
    private final JsonNode root;
    private final List<Place> places = new ArrayList<>();

    private TreeMutations(JsonNode root, Dice dice) {
        this.root = root;
        this.dice = dice;
        collect(root, 0);
    }

    /** Changes the tree in one place, or in a few that belong together. */
    static void mutate(JsonNode root, JsonNode other, Dice dice) {
        TreeMutations mutations = new TreeMutations(root, dice);
        if (!mutations.places.isEmpty() && mutations.places.size() < MOST) {
            mutations.once(other);
        }
    }

    private void collect(JsonNode node, int depth) {
        if (depth > 100) {
            return;
        }
        if (node instanceof ObjectNode object) {
            object.properties().forEach(entry -> {
                places.add(new Place(object, entry.getKey(), -1));
                collect(entry.getValue(), depth + 1);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                places.add(new Place(array, "", i));
                collect(array.get(i), depth + 1);
            }
        }
    }

    private void once(JsonNode other) {
        Place place = dice.pick(places);
        switch (dice.below(24)) {
            case 0 -> place.remove();
            case 1 -> place.set(Vocabulary.value(dice));
            case 2 -> place.set(dice.pick(places).value().deepCopy());
            case 3 -> swap(place, dice.pick(places));
            case 4 -> duplicate(place);
            case 5 -> rename(place);
            case 6 -> place.set(NODES.arrayNode().add(place.value().deepCopy()));
            case 7 ->
                place.set(NODES.objectNode()
                        .set(dice.pick(places).field(), place.value().deepCopy()));
            case 8 -> place.set(graft(other));
            case 9 -> place.set(deep());
            case 10 -> texts(Vocabulary.longText(dice));
            case 11, 12 -> texts(Vocabulary.text(dice));
            case 13 -> place.set(TextNode.valueOf(Vocabulary.digits(dice)));
            case 14, 15, 16 -> callAnother();
            case 17, 18 -> ofTemplate();
            case 19, 20, 21 -> ofUnit();
            case 22 -> ofSpec();
            default -> grow(place);
        }
    }

    private static void swap(Place one, Place two) {
        JsonNode first = one.value().deepCopy();
        one.set(two.value().deepCopy());
        two.set(first);
    }

    private void duplicate(Place place) {
        if (place.holder() instanceof ArrayNode array) {
            array.insert(dice.below(array.size() + 1), place.value().deepCopy());
        } else if (place.holder() instanceof ObjectNode object) {
            object.set(dice.pick(places).field(), place.value().deepCopy());
        }
    }

    private void rename(Place place) {
        JsonNode value = place.value();
        place.remove();
        if (place.holder() instanceof ObjectNode object) {
            object.set(dice.pick(places).field(), value);
        }
    }

    private JsonNode graft(JsonNode other) {
        TreeMutations there = new TreeMutations(other, dice);
        return there.places.isEmpty()
                ? other.deepCopy()
                : dice.pick(there.places).value().deepCopy();
    }

    private JsonNode deep() {
        JsonNode value = Vocabulary.value(dice);
        int depth = dice.oneIn(4) ? 900 : dice.between(5, 210);
        for (int i = 0; i < depth; i++) {
            value = dice.coin()
                    ? NODES.arrayNode().add(value)
                    : NODES.objectNode().set("a", value);
        }
        return value;
    }

    /** Puts a text where there is one already, or into one. */
    private void texts(String text) {
        List<Place> texts =
                places.stream().filter(place -> place.value().isTextual()).toList();
        if (!texts.isEmpty()) {
            Place place = dice.pick(texts);
            String old = place.value().asText();
            place.set(TextNode.valueOf(dice.coin() ? text : dice.coin() ? old + text : text + old));
        }
    }

    /** Lets a step, task or hook call some template of the file, maybe its own: recursion. */
    private void callAnother() {
        List<Place> calls = named("template");
        List<String> templates = templateNames();
        if (!calls.isEmpty() && !templates.isEmpty()) {
            int times = dice.between(1, 3);
            for (int i = 0; i < times; i++) {
                dice.pick(calls).set(TextNode.valueOf(dice.pick(templates)));
            }
        }
    }

    private List<Place> named(String field) {
        return places.stream()
                .filter(place -> place.field().equals(field) && place.value().isTextual())
                .toList();
    }

    private List<String> templateNames() {
        List<String> names = new ArrayList<>();
        root.path("spec")
                .path("templates")
                .forEach(template -> names.add(template.path("name").asText("")));
        return names;
    }

    private void ofTemplate() {
        List<ObjectNode> templates = new ArrayList<>();
        root.path("spec").path("templates").forEach(template -> {
            if (template instanceof ObjectNode object) {
                templates.add(object);
            }
        });
        if (!templates.isEmpty()) {
            add(dice.pick(templates), Fields.ofTemplate(dice, templateNames()));
        }
    }

    /** Adds a field to a step, task or hook. */
    private void ofUnit() {
        List<ObjectNode> units = new ArrayList<>();
        for (Place place : places) {
            if (place.value() instanceof ObjectNode object && object.has("name") && object.has("template")) {
                units.add(object);
            }
        }
        if (!units.isEmpty()) {
            add(dice.pick(units), Fields.ofUnit(dice, templateNames()));
        }
    }

    private void ofSpec() {
        if (root.path("spec") instanceof ObjectNode spec) {
            add(spec, Fields.ofSpec(dice, templateNames()));
        }
    }

    private static void add(ObjectNode object, JsonNode fields) {
        fields.properties().forEach(field -> object.set(field.getKey(), field.getValue()));
    }

    /** Makes a list long. */
    private void grow(Place place) {
        if (place.value() instanceof ArrayNode array && !array.isEmpty()) {
            int each = size(array) / array.size();
            int times = Math.min(MOST / each, dice.oneIn(20) ? 2_000 : dice.between(1, 20));
            for (int i = 0; i < times && array.size() < 5_000; i++) {
                array.add(array.get(dice.below(array.size())).deepCopy());
            }
        }
    }

    /** Values in a tree. */
    private static int size(JsonNode node) {
        int size = 1;
        for (JsonNode child : node) {
            size += size(child);
        }
        return size;
    }
}
