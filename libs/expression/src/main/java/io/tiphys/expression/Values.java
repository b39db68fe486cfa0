package io.tiphys.expression;

/** The values of expressions. */
final class Values {
    private Values() {}

    static String toJson(Object value) {
        return value.toString();
    }
}
