package io.tiphys.expression;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a value before it is there.
 *
 * @param element of a list: what its elements are; else null
 */
record Type(Kind kind, @Nullable Type element) {

    enum Kind {
        UNKNOWN("interface {}"),
        NIL("unknown"),
        BOOL("bool"),
        INT("int"),
        FLOAT("float64"),
        STRING("string"),
        TIME("time.Time"),
        DURATION("time.Duration"),
        LIST("[]interface {}"),
        MAP("map[string]interface {}"),
        OTHER("struct");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    static final Type UNKNOWN = new Type(Kind.UNKNOWN, null);
    static final Type NIL = new Type(Kind.NIL, null);
    static final Type BOOL = new Type(Kind.BOOL, null);
    static final Type INT = new Type(Kind.INT, null);
    static final Type FLOAT = new Type(Kind.FLOAT, null);
    static final Type STRING = new Type(Kind.STRING, null);
    static final Type TIME = new Type(Kind.TIME, null);
    static final Type DURATION = new Type(Kind.DURATION, null);
    static final Type MAP = new Type(Kind.MAP, null);
    static final Type OTHER = new Type(Kind.OTHER, null);
    static final Type LIST = new Type(Kind.LIST, UNKNOWN);

    static Type listOf(Type element) {
        return new Type(Kind.LIST, element);
    }

    boolean is(Kind other) {
        return kind == other;
    }

    boolean unknown() {
        return kind == Kind.UNKNOWN;
    }

    boolean number() {
        return kind == Kind.INT || kind == Kind.FLOAT;
    }

    /** What an element is; nothing is known of those of other kinds. */
    Type elementOrUnknown() {
        return element == null ? UNKNOWN : element;
    }

    /** Whether {@code ==} may be asked; nil can be compared with everything. */
    boolean comparableTo(Type other) {
        return unknown() || other.unknown() || is(Kind.NIL) || other.is(Kind.NIL) || sameFamily(other);
    }

    /** Of the same kind, where all numbers are one. */
    boolean sameFamily(Type other) {
        return kind == other.kind || (number() && other.number());
    }

    @Override
    public String toString() {
        return kind.word;
    }
}
