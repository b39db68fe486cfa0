package io.tiphys.api.shape;

import java.util.Map;

/** The JSON that a type accepts. */
public sealed interface Shape {
    /** The shape of a Java type of the API or of the Kubernetes model. */
    static Shape of(Class<?> type) {
        return Shapes.of(type);
    }

    /** An object with known fields. Types refer to themselves, so the fields are found when asked for. */
    record ObjectOf(Class<?> type) implements Shape {
        /** The shapes of the fields by their JSON names, in the order that they are written. */
        public Map<String, Shape> fields() {
            return Shapes.fieldsOf(type);
        }
    }

    /** An array. */
    record ListOf(Shape item) implements Shape {}

    /** An object with keys of any name. */
    record MapOf(Shape value) implements Shape {}

    /** One value, or something free-form. */
    enum Value implements Shape {
        /** A string. */
        TEXT,
        /** A string that may be written as a number or boolean, and that Argo reads lists and objects as, too. */
        ANY_TEXT,
        BOOLEAN,
        INTEGER,
        NUMBER,
        /** An integer or a string. */
        INTEGER_OR_TEXT,
        /** A Kubernetes quantity: a number or a string. */
        QUANTITY,
        /** An RFC 3339 time. */
        TIME,
        /** Whatever it is. */
        ANYTHING
    }
}
