package io.tiphys.expression.jq;

import java.util.ArrayList;
import java.util.List;

/** Reads filters, from what binds least to what binds most. */
final class JqParser extends JqReader {
    private static final int MAX_DEPTH = 200;
    private static final List<String> UPDATES = List.of("//=", "|=", "+=", "-=", "*=", "/=", "%=");
    private static final List<String> COMPARISONS = List.of("==", "!=", "<=", ">=", "<", ">");

    private int depth;

    JqParser(String source) {
        super(source);
    }

    static Filter parse(String source) throws JqException {
        JqParser parser = new JqParser(source);
        Filter filter = parser.peekAtEnd() ? Filters.IDENTITY : parser.pipe();
        parser.space();
        if (parser.at < source.length()) {
            throw parser.unexpected();
        }
        return filter;
    }

    private boolean peekAtEnd() {
        space();
        return at >= source.length();
    }

    void enter() throws JqException {
        if (++depth > MAX_DEPTH) {
            throw new JqException("the filter is nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    void leave() {
        depth--;
    }

    Filter pipe() throws JqException {
        enter();
        try {
            if (peekWord().equals("def")) {
                Definition definition = definition();
                Filter rest = peekAtEnd() || peek(")") ? Filters.IDENTITY : pipe();
                return Filters.define(definition.key(), definition.parameters(), definition.body(), rest);
            }
            if (takeWord("label")) {
                String label = variable();
                expect("|");
                return Filters.label(label, pipe());
            }
            Filter left = comma();
            if (takeWord("as")) {
                List<Pattern> patterns = new ArrayList<>(List.of(pattern()));
                while (take("?//")) {
                    patterns.add(pattern());
                }
                expect("|");
                return Bindings.bind(left, patterns, pipe());
            }
            return take("|", "=") ? Filters.pipe(left, pipe()) : left;
        } finally {
            leave();
        }
    }

    /** A function's name with the number of its parameters, and what it does. */
    record Definition(String key, List<String> parameters, Filter body) {}

    Definition definition() throws JqException {
        expectWord("def");
        String name = name();
        List<String> parameters = new ArrayList<>();
        if (take("(")) {
            do {
                space();
                parameters.add(peek("$") ? "$" + variable() : name());
            } while (take(";"));
            expect(")");
        }
        expect(":");
        Filter body = pipe();
        expect(";");
        return new Definition(name + "/" + parameters.size(), parameters, body);
    }

    private Filter comma() throws JqException {
        Filter left = alternative();
        while (take(",")) {
            left = Filters.comma(left, alternative());
        }
        return left;
    }

    private Filter alternative() throws JqException {
        enter();
        Filter left = update();
        boolean follows = !peek("//=") && take("//");
        Filter whole = follows ? Filters.alternative(left, alternative()) : left;
        leave();
        return whole;
    }

    private Filter update() throws JqException {
        Filter left = or();
        for (String operator : UPDATES) {
            if (take(operator)) {
                return Updates.update(operator, left, alternative());
            }
        }
        return take("=", "=") ? Updates.assign(left, alternative()) : left;
    }

    private Filter or() throws JqException {
        Filter left = and();
        while (takeWord("or")) {
            left = Filters.logical(left, and(), false);
        }
        return left;
    }

    private Filter and() throws JqException {
        Filter left = comparison();
        while (takeWord("and")) {
            left = Filters.logical(left, comparison(), true);
        }
        return left;
    }

    private Filter comparison() throws JqException {
        Filter left = sum();
        for (String operator : COMPARISONS) {
            if (take(operator)) {
                return Filters.binary(operator, left, sum());
            }
        }
        return left;
    }

    private Filter sum() throws JqException {
        Filter left = product();
        while (true) {
            if (take("+", "=")) {
                left = Filters.binary("+", left, product());
            } else if (take("-", "=")) {
                left = Filters.binary("-", left, product());
            } else {
                return left;
            }
        }
    }

    private Filter product() throws JqException {
        Filter left = terms().postfix();
        while (true) {
            if (take("*", "=")) {
                left = Filters.binary("*", left, terms().postfix());
            } else if (take("/", "=/")) {
                left = Filters.binary("/", left, terms().postfix());
            } else if (take("%", "=")) {
                left = Filters.binary("%", left, terms().postfix());
            } else {
                return left;
            }
        }
    }

    private TermParser terms() {
        return new TermParser(this);
    }

    /** The left side of {@code as}: a variable, or an array or object of such. */
    sealed interface Pattern {
        record Variable(String name) implements Pattern {}

        record Elements(List<Pattern> patterns) implements Pattern {}

        record Fields(List<Field> fields) implements Pattern {}
    }

    /** A field of an object pattern; the variable is "" if only the pattern binds. */
    record Field(Filter key, String variable, List<Pattern> value) {}

    private Pattern pattern() throws JqException {
        enter();
        try {
            if (peek("$")) {
                return new Pattern.Variable(variable());
            }
            if (take("[")) {
                List<Pattern> elements = new ArrayList<>();
                do {
                    elements.add(pattern());
                } while (take(","));
                expect("]");
                return new Pattern.Elements(elements);
            }
            expect("{");
            List<Field> fields = new ArrayList<>();
            do {
                fields.add(field());
            } while (take(","));
            expect("}");
            return new Pattern.Fields(fields);
        } finally {
            leave();
        }
    }

    private Field field() throws JqException {
        String bound = peek("$") ? variable() : "";
        Filter key;
        if (!bound.isEmpty()) {
            key = Filters.constant(bound);
        } else if (take("(")) {
            key = pipe();
            expect(")");
        } else {
            key = peek("\"") ? terms().string("") : Filters.constant(name());
        }
        return new Field(key, bound, take(":") ? List.of(pattern()) : List.of());
    }
}
