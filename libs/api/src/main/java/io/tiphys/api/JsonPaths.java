package io.tiphys.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;

/** Paths as messages show them: {@code spec.templates[0].name}. */
public final class JsonPaths {
    private JsonPaths() {}

    /** The path of a field of the thing at {@code parent}. */
    public static String field(String parent, String name) {
        if (name.indexOf('.') >= 0 || name.indexOf('[') >= 0) {
            return parent + "['" + name + "']";
        }
        return parent.isEmpty() ? name : parent + "." + name;
    }

    /** The path of an item of the list at {@code parent}. */
    public static String item(String parent, int index) {
        return parent + "[" + index + "]";
    }

    static String of(JsonProcessingException problem) {
        String path = "";
        if (problem instanceof JsonMappingException mapping) {
            for (JsonMappingException.Reference step : mapping.getPath()) {
                path = step.getFieldName() == null ? item(path, step.getIndex()) : field(path, step.getFieldName());
            }
        }
        return path;
    }
}
