package io.tiphys.expression;

/** A word of an expression. */
record Token(Kind kind, String text, int at) {
    enum Kind {
        IDENTIFIER("Identifier"),
        NUMBER("Number"),
        STRING("String"),
        OPERATOR("Operator"),
        BRACKET("Bracket"),
        END("EOF");

        final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }

    boolean isOperator(String operator) {
        return is(Kind.OPERATOR, operator);
    }

    boolean isBracket(String bracket) {
        return is(Kind.BRACKET, bracket);
    }

    @Override
    public String toString() {
        return kind == Kind.END ? kind.word : kind.word + "(\"" + text + "\")";
    }
}
