package io.tiphys.expression;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the built-in functions take and give. One letter an argument: S text, I int, N number, A anything, L list, M map, C what has a
 * length, V a number or list; those after {@code ?} may be left out, {@code *} lets the last one come again.
 */
final class Signatures {
    private record Signature(String arguments, Type result) {}

    private static final Map<String, Signature> ALL = new HashMap<>();

    static {
        put("S?S", Type.STRING, "trim", "trimPrefix", "trimSuffix");
        put("S", Type.STRING, "upper", "lower", "toBase64", "fromBase64");
        put("SS?I", Type.listOf(Type.STRING), "split", "splitAfter");
        put("SSS?I", Type.STRING, "replace");
        put("SI", Type.STRING, "repeat");
        put("L?S", Type.STRING, "join");
        put("SS", Type.INT, "indexOf", "lastIndexOf");
        put("SS", Type.BOOL, "hasPrefix", "hasSuffix");
        put("C", Type.INT, "len");
        put("A", Type.STRING, "type", "string", "toJSON", "toJson");
        put("S", Type.UNKNOWN, "fromJSON");
        put("SS", Type.UNKNOWN, "jsonpath");
        put("A", Type.UNKNOWN, "asInt", "asFloat");
        put("F", Type.INT, "int");
        put("F", Type.FLOAT, "float");
        put("N", Type.FLOAT, "ceil", "floor", "round");
        put("N", Type.UNKNOWN, "abs");
        put("V*", Type.UNKNOWN, "max", "min");
        put("V*", Type.FLOAT, "mean", "median");
        put("S", Type.DURATION, "duration");
        put("S", Type.OTHER, "timezone");
        put("I", Type.INT, "bitnot");
        put("II", Type.INT, "bitand", "bitor", "bitxor", "bitnand", "bitshl", "bitshr", "bitushr");
        put("M", Type.LIST, "keys", "values");
        put("M", Type.LIST, "toPairs");
        put("L", Type.MAP, "fromPairs");
        put("L", Type.UNKNOWN, "first", "last");
        put("LI", Type.UNKNOWN, "take");
        put("L", Type.LIST, "reverse", "uniq", "flatten");
        put("L*", Type.LIST, "concat");
        put("L?S", Type.LIST, "sort");
    }

    private Signatures() {}

    private static void put(String arguments, Type result, String... names) {
        for (String name : names) {
            ALL.put(name, new Signature(arguments, result));
        }
    }

    /** What the call gives; ExprProblem if it can't work. */
    static Type check(Node.Call call, List<Type> arguments) {
        if (call.name().equals("get")) {
            return get(call, arguments);
        }
        if (call.name().equals("now")) {
            if (!arguments.isEmpty()
                    && !arguments.getFirst().unknown()
                    && !arguments.getFirst().is(Type.Kind.OTHER)) {
                throw new ExprProblem(
                        "invalid number of arguments (expected 0, got " + arguments.size() + ")", call.at());
            }
            return Type.TIME;
        }
        if (call.name().equals("date")) {
            return Type.TIME;
        }
        Signature signature = ALL.get(call.name());
        if (signature == null) {
            return Type.UNKNOWN;
        }
        String expected = signature.arguments();
        boolean repeats = expected.endsWith("*");
        int optional = expected.indexOf('?');
        String letters = expected.replace("?", "").replace("*", "");
        int least = optional < 0 ? letters.length() : optional;
        if (arguments.size() < least) {
            throw new ExprProblem("not enough arguments to call " + call.name(), call.at());
        }
        if (arguments.size() > letters.length() && !repeats) {
            throw new ExprProblem("too many arguments to call " + call.name(), call.at());
        }
        for (int i = 0; i < arguments.size(); i++) {
            char letter = letters.charAt(Math.min(i, letters.length() - 1));
            if (!fits(letter, arguments.get(i))) {
                throw new ExprProblem(
                        "cannot use " + arguments.get(i) + " as argument (type " + word(letter) + ") to call "
                                + call.name(),
                        call.arguments().get(i).at());
            }
        }
        return signature.result();
    }

    private static boolean fits(char letter, Type type) {
        if (type.unknown()) {
            return true;
        }
        return switch (letter) {
            case 'S' -> type.is(Type.Kind.STRING);
            case 'I' -> type.is(Type.Kind.INT);
            case 'N' -> type.number();
            case 'F' -> type.number() || type.is(Type.Kind.STRING) || type.is(Type.Kind.DURATION);
            case 'L' -> type.is(Type.Kind.LIST);
            case 'M' -> type.is(Type.Kind.MAP);
            case 'C' -> type.is(Type.Kind.LIST) || type.is(Type.Kind.MAP) || type.is(Type.Kind.STRING);
            case 'V' -> type.number() || type.is(Type.Kind.LIST) || type.is(Type.Kind.DURATION);
            default -> true;
        };
    }

    private static String word(char letter) {
        return switch (letter) {
            case 'S' -> "string";
            case 'I' -> "int";
            case 'N' -> "number";
            case 'F' -> "number or string";
            case 'L' -> "[]interface {}";
            case 'M' -> "map[string]interface {}";
            case 'C' -> "string, array or map";
            case 'V' -> "number or array";
            default -> "interface {}";
        };
    }

    private static Type get(Node.Call call, List<Type> arguments) {
        if (arguments.size() != 2) {
            throw new ExprProblem("invalid number of arguments (expected 2, got " + arguments.size() + ")", call.at());
        }
        Type of = arguments.get(0);
        Type key = arguments.get(1);
        switch (of.kind()) {
            case UNKNOWN -> {}
            case LIST -> {
                if (!key.unknown() && !key.is(Type.Kind.INT)) {
                    throw new ExprProblem(
                            "non-integer slice index " + key,
                            call.arguments().get(1).at());
                }
            }
            case MAP -> {
                if (!key.unknown() && !key.is(Type.Kind.STRING)) {
                    throw new ExprProblem(
                            "cannot use " + key + " to get an element from " + of,
                            call.arguments().get(1).at());
                }
            }
            default ->
                throw new ExprProblem(
                        "type " + of + " does not support indexing",
                        call.arguments().get(0).at());
        }
        return of.elementOrUnknown();
    }
}
