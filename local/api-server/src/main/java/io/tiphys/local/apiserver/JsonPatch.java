package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** RFC 6902 over JSON trees. */
final class JsonPatch {
    private static final int MAX_OPERATIONS = 10_000;

    private JsonPatch() {}

    /** Applies the operations in order; the target may be changed even when a later one is refused. */
    static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!patch.isArray() || patch.size() > MAX_OPERATIONS) {
            throw ApiException.badRequest("a JSON patch is a list of at most " + MAX_OPERATIONS + " operations");
        }
        JsonNode result = target;
        for (JsonNode operation : patch) {
            result = applyOne(result, operation);
        }
        return result;
    }

    private static JsonNode applyOne(JsonNode root, JsonNode operation) {
        String op = Json.text("", operation, "op");
        String path = pointer(operation, "path");
        return switch (op) {
            case "add" -> add(root, path, value(operation));
            case "replace" -> {
                require(root, path);
                yield path.isEmpty() ? value(operation) : add(remove(root, path, false), path, value(operation), true);
            }
            case "remove" -> remove(root, path, true);
            case "move" -> {
                String from = pointer(operation, "from");
                JsonNode moved = require(root, from);
                yield add(remove(root, from, true), path, moved);
            }
            case "copy" ->
                add(root, path, require(root, pointer(operation, "from")).deepCopy());
            case "test" -> {
                if (!require(root, path).equals(value(operation))) {
                    throw unprocessable("testing value " + path + " failed");
                }
                yield root;
            }
            default -> throw ApiException.badRequest("unknown JSON patch operation \"" + op + "\"");
        };
    }

    private static ApiException unprocessable(String message) {
        return new ApiException(
                422, "Invalid", "the server rejected our request due to an error in our request: " + message);
    }

    private static String pointer(JsonNode operation, String field) {
        String pointer = Json.text(operation, field);
        if (pointer == null || (!pointer.isEmpty() && !pointer.startsWith("/"))) {
            throw ApiException.badRequest("JSON patch: \"" + field + "\" has to be a JSON pointer");
        }
        return pointer;
    }

    private static JsonNode value(JsonNode operation) {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw ApiException.badRequest("JSON patch: this operation needs a \"value\"");
        }
        return value;
    }

    private static JsonNode require(JsonNode root, String path) {
        JsonNode found = find(root, path);
        if (found == null) {
            throw unprocessable("the path " + path + " doesn't exist");
        }
        return found;
    }

    private static @Nullable JsonNode find(JsonNode root, String path) {
        JsonNode found = path.isEmpty() ? root : root.at(path);
        return found.isMissingNode() ? null : found;
    }

    private static String parentOf(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String lastOf(String path) {
        return path.substring(path.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
    }

    private static JsonNode add(JsonNode root, String path, JsonNode value) {
        return add(root, path, value, false);
    }

    private static JsonNode add(JsonNode root, String path, JsonNode value, boolean inPlace) {
        if (path.isEmpty()) {
            return value;
        }
        String last = lastOf(path);
        switch (require(root, parentOf(path))) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array when inPlace -> array.set(index(array, last, array.size() - 1), value);
            case ArrayNode array ->
                array.insert(last.equals("-") ? array.size() : index(array, last, array.size()), value);
            default -> throw unprocessable("the parent of " + path + " is neither object nor list");
        }
        return root;
    }

    /** Removes what is there; with {@code fromLists} false elements of lists stay, to be replaced in place. */
    private static JsonNode remove(JsonNode root, String path, boolean fromLists) {
        require(root, path);
        if (path.isEmpty()) {
            throw unprocessable("the whole object can't be removed");
        }
        switch (require(root, parentOf(path))) {
            case ObjectNode object -> object.remove(lastOf(path));
            case ArrayNode array when fromLists -> array.remove(index(array, lastOf(path), array.size() - 1));
            default -> {}
        }
        return root;
    }

    private static int index(ArrayNode array, String text, int max) {
        try {
            int index = Integer.parseInt(text);
            if (index >= 0 && index <= max) {
                return index;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw unprocessable("index \"" + text + "\" is out of bounds of a list of " + array.size());
    }
}
