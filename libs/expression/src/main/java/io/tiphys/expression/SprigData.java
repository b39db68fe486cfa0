package io.tiphys.expression;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.BinaryOperator;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/** The functions of sprig on numbers, lists, maps and times. Those that would need randomness, the network or keys don't exist here. */
final class SprigData {
    /** Seconds from 1970 back to the year 1. */
    private static final long ZERO_TIME = -62_135_596_800L;

    private SprigData() {}

    static void register(Map<String, Function> functions) {
        numbers(functions);
        lists(functions);
        maps(functions);
        defaults(functions);
        times(functions);
    }

    private static void numbers(Map<String, Function> functions) {
        functions.put("int", a -> integer(a.expect(1).get(0)));
        functions.put("int64", a -> integer(a.expect(1).get(0)));
        functions.put("atoi", a -> integer(a.expect(1).text(0)));
        functions.put("float64", a -> decimal(a.expect(1).get(0)));
        functions.put("toDecimal", a -> octal(GoFormat.show(a.expect(1).get(0))));
        functions.put("add", a -> fold(a, 0, Long::sum));
        functions.put("add1", a -> integer(a.expect(1).get(0)) + 1);
        functions.put("sub", a -> integer(a.expect(2).get(0)) - integer(a.get(1)));
        functions.put("mul", a -> fold(a.expect(1, Integer.MAX_VALUE), 1, (x, y) -> x * y));
        functions.put("div", a -> integer(a.expect(2).get(0)) / divisor(a.get(1)));
        functions.put("mod", a -> integer(a.expect(2).get(0)) % divisor(a.get(1)));
        functions.put("max", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MIN_VALUE, Math::max));
        functions.put("biggest", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MIN_VALUE, Math::max));
        functions.put("min", a -> fold(a.expect(1, Integer.MAX_VALUE), Long.MAX_VALUE, Math::min));
        functions.put("addf", a -> decimals(a, BigDecimal::add));
        functions.put("add1f", a -> decimal(a.expect(1).get(0)) + 1);
        functions.put("subf", a -> decimals(a, BigDecimal::subtract));
        functions.put("mulf", a -> decimals(a, BigDecimal::multiply));
        functions.put(
                "divf",
                a -> decimals(a, (x, y) -> {
                    if (y.signum() == 0) {
                        throw new ExprProblem("decimal division by 0");
                    }
                    return x.divide(y, 16, java.math.RoundingMode.HALF_UP);
                }));
        functions.put("maxf", a -> decimals(a, BigDecimal::max));
        functions.put("minf", a -> decimals(a, BigDecimal::min));
        functions.put("floor", a -> Math.floor(decimal(a.expect(1).get(0))));
        functions.put("ceil", a -> Math.ceil(decimal(a.expect(1).get(0))));
        functions.put(
                "round", a -> round(decimal(a.expect(2, 3).get(0)), a.count(1), a.count() == 3 ? a.number(2) : 0.5));
        functions.put("until", a -> range(0, a.expect(1).integer(0), a.integer(0) < 0 ? -1 : 1, a.budget()));
        functions.put("untilStep", a -> range(a.expect(3).integer(0), a.integer(1), a.integer(2), a.budget()));
        functions.put("seq", SprigData::sequence);
    }

    private static void lists(Map<String, Function> functions) {
        functions.put("list", a -> new ArrayList<>(Arrays.asList(a.all())));
        functions.put("tuple", a -> new ArrayList<>(Arrays.asList(a.all())));
        must(
                functions,
                "first",
                a -> a.expect(1).list(0).isEmpty() ? null : a.list(0).getFirst());
        must(
                functions,
                "last",
                a -> a.expect(1).list(0).isEmpty() ? null : a.list(0).getLast());
        must(
                functions,
                "rest",
                a -> a.expect(1).list(0).isEmpty()
                        ? null
                        : a.list(0).subList(1, a.list(0).size()));
        must(
                functions,
                "initial",
                a -> a.expect(1).list(0).isEmpty()
                        ? null
                        : a.list(0).subList(0, a.list(0).size() - 1));
        must(functions, "reverse", a -> a.expect(1).list(0).reversed());
        must(functions, "uniq", a -> Lists.unique(a.expect(1).list(0), a.budget()));
        must(functions, "has", a -> Values.in(a.expect(2).get(0), a.get(1)));
        must(
                functions,
                "compact",
                a -> a.expect(1).list(0).stream()
                        .filter(value -> !isEmpty(value))
                        .toList());
        must(functions, "append", a -> appended(a.expect(2).list(0), a.get(1), false, a.budget()));
        must(functions, "push", a -> appended(a.expect(2).list(0), a.get(1), false, a.budget()));
        must(functions, "prepend", a -> appended(a.expect(2).list(0), a.get(1), true, a.budget()));
        must(
                functions,
                "without",
                a -> a.expect(1, Integer.MAX_VALUE).list(0).stream()
                        .filter(value -> !amongRest(a, value))
                        .toList());
        must(
                functions,
                "slice",
                a -> a.expect(1, 3)
                        .list(0)
                        .subList(
                                bound(a, 1, 0),
                                Math.max(bound(a, 1, 0), bound(a, 2, a.list(0).size()))));
        must(functions, "chunk", a -> chunks(a.expect(2).list(1), a.count(0)));
        functions.put("concat", a -> {
            List<@Nullable Object> all = new ArrayList<>();
            for (int i = 0; i < a.count(); i++) {
                a.budget().elements(a.list(i).size());
                all.addAll(a.list(i));
            }
            return all;
        });
    }

    private static void maps(Map<String, Function> functions) {
        functions.put("dict", SprigData::dict);
        functions.put(
                "get", a -> a.expect(2).map(0).containsKey(a.get(1)) ? a.map(0).get(a.get(1)) : "");
        functions.put("pluck", a -> {
            List<@Nullable Object> found = new ArrayList<>();
            for (int i = 1; i < a.expect(1, Integer.MAX_VALUE).count(); i++) {
                if (a.map(i).containsKey(a.text(0))) {
                    found.add(a.map(i).get(a.text(0)));
                }
            }
            return found;
        });
        functions.put("dig", a -> {
            Map<?, ?> at = a.expect(3, Integer.MAX_VALUE).map(a.count() - 1);
            for (int i = 0; i < a.count() - 2; i++) {
                if (!at.containsKey(a.text(i))) {
                    return a.get(a.count() - 2);
                }
                Object next = at.get(a.text(i));
                if (i == a.count() - 3) {
                    return next;
                }
                if (!(next instanceof Map<?, ?> map)) {
                    throw new ExprProblem("interface conversion: interface {} is " + Values.typeName(next)
                            + ", not map[string]interface {}");
                }
                at = map;
            }
            return at;
        });
        functions.put("hasKey", a -> a.expect(2).map(0).containsKey(a.get(1)));
        functions.put("keys", a -> new ArrayList<>(a.expect(1).map(0).keySet()));
        functions.put("values", a -> new ArrayList<>(a.expect(1).map(0).values()));
        functions.put("set", a -> {
            Map<@Nullable Object, @Nullable Object> copy =
                    new LinkedHashMap<>(a.expect(3).map(0));
            copy.put(a.get(1), a.get(2));
            return copy;
        });
        functions.put("unset", a -> {
            Map<@Nullable Object, @Nullable Object> copy =
                    new LinkedHashMap<>(a.expect(2).map(0));
            copy.remove(a.get(1));
            return copy;
        });
        functions.put("pick", a -> chosen(a, true));
        functions.put("omit", a -> chosen(a, false));
        must(functions, "merge", a -> merged(a, false));
        must(functions, "mergeOverwrite", a -> merged(a, true));
    }

    private static void defaults(Map<String, Function> functions) {
        functions.put(
                "default", a -> a.expect(1, Integer.MAX_VALUE).count() == 1 || isEmpty(a.get(1)) ? a.get(0) : a.get(1));
        functions.put("empty", a -> isEmpty(a.expect(1).get(0)));
        functions.put(
                "coalesce",
                a -> Arrays.stream(a.all())
                        .filter(value -> !isEmpty(value))
                        .findFirst()
                        .orElse(null));
        functions.put("all", a -> Arrays.stream(a.all()).noneMatch(SprigData::isEmpty));
        functions.put("any", a -> !Arrays.stream(a.all()).allMatch(SprigData::isEmpty));
        functions.put("ternary", a -> a.expect(3).bool(2) ? a.get(0) : a.get(1));
        functions.put("deepEqual", a -> Values.equal(a.expect(2).get(0), a.get(1)));
        must(functions, "deepCopy", a -> a.expect(1).get(0));
        functions.put("fromJson", a -> parsedOrNil(a.expect(1).text(0)));
        functions.put("mustFromJson", a -> GoJson.parse(a.expect(1).text(0)));
        must(functions, "toJson", a -> GoJson.compact(a.expect(1).get(0)));
        must(functions, "toPrettyJson", a -> GoJson.indented(a.expect(1).get(0)));
        must(functions, "toRawJson", a -> GoJson.raw(a.expect(1).get(0)));
        functions.put("typeIsLike", a -> {
            String type = Values.typeName(a.expect(2).get(1));
            return a.text(0).equals(type) || a.text(0).equals("*" + type);
        });
        functions.put("typeOf", a -> Values.typeName(a.expect(1).get(0)));
        functions.put("kindOf", a -> kind(a.expect(1).get(0)));
        functions.put("kindIs", a -> kind(a.expect(2).get(1)).equals(a.text(0)));
        functions.put("typeIs", a -> Values.typeName(a.expect(2).get(1)).equals(a.text(0)));
        functions.put("fail", a -> {
            throw new ExprProblem(a.expect(1).text(0));
        });
    }

    private static void times(Map<String, Function> functions) {
        functions.put("now", a -> a.expect(0).now().atZone(ZoneOffset.UTC));
        functions.put("date", a -> GoTime.format(time(a.expect(2), 1), a.text(0)));
        functions.put(
                "dateInZone", a -> GoTime.format(time(a.expect(3), 1).withZoneSameInstant(zone(a.text(2))), a.text(0)));
        functions.put(
                "date_in_zone",
                a -> GoTime.format(time(a.expect(3), 1).withZoneSameInstant(zone(a.text(2))), a.text(0)));
        functions.put("htmlDate", a -> GoTime.format(time(a.expect(1), 0), "2006-01-02"));
        functions.put(
                "htmlDateInZone",
                a -> GoTime.format(time(a.expect(2), 0).withZoneSameInstant(zone(a.text(1))), "2006-01-02"));
        for (String name : List.of("dateModify", "date_modify", "mustDateModify", "must_date_modify")) {
            functions.put(name, a -> time(a.expect(2), 1).plus(TimeFunctions.duration(a.text(0))));
        }
        functions.put(
                "toDate",
                a -> GoTime.tryParse(a.expect(2).text(0), a.text(1), ZoneOffset.UTC)
                        .orElse(java.time.Instant.ofEpochSecond(ZERO_TIME).atZone(ZoneOffset.UTC)));
        functions.put("mustToDate", a -> GoTime.parse(a.expect(2).text(0), a.text(1), ZoneOffset.UTC));
        functions.put("unixEpoch", a -> {
            Object time = a.expect(1).get(0);
            if (time != null && !(time instanceof java.time.ZonedDateTime)) {
                throw new ExprProblem("reflect: Call using " + Values.typeName(time) + " as type time.Time");
            }
            return Long.toString(time == null ? ZERO_TIME : time(a, 0).toEpochSecond());
        });
        functions.put(
                "duration",
                a -> GoDuration.format(
                        Duration.ofSeconds(a.expect(1).get(0) instanceof String text ? integer(text) : 0)));
        functions.put("durationRound", a -> rounded(a.expect(1)));
        functions.put(
                "ago",
                a -> GoDuration.format(Duration.ofSeconds(Math.round(Duration.between(
                                        time(a.expect(1), 0).toInstant(), a.now())
                                .toMillis()
                        / 1000.0))));
    }

    private static void must(Map<String, Function> functions, String name, Function function) {
        functions.put(name, function);
        functions.put("must" + Character.toUpperCase(name.charAt(0)) + name.substring(1), function);
    }

    /** As the cast library does it: what can't be converted is 0. */
    private static long integer(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.longValue();
            case Boolean bool -> bool ? 1 : 0;
            case String text -> {
                try {
                    yield Long.parseLong(text);
                } catch (NumberFormatException e) {
                    yield 0;
                }
            }
            case null, default -> 0;
        };
    }

    private static double decimal(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean bool -> bool ? 1 : 0;
            case String text -> {
                try {
                    yield Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    yield 0;
                }
            }
            case null, default -> 0;
        };
    }

    private static long octal(String text) {
        try {
            return Long.parseLong(text, 8);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static long divisor(@Nullable Object value) {
        long divisor = integer(value);
        if (divisor == 0) {
            throw new ExprProblem("runtime error: integer divide by zero");
        }
        return divisor;
    }

    private static long fold(Arguments arguments, long start, LongBinaryOperator operation) {
        long result = start;
        for (Object value : arguments.all()) {
            result = operation.applyAsLong(result, integer(value));
        }
        return result;
    }

    private static double decimals(Arguments arguments, BinaryOperator<BigDecimal> operation) {
        BigDecimal result = new BigDecimal(
                Double.toString(decimal(arguments.expect(1, Integer.MAX_VALUE).get(0))));
        for (int i = 1; i < arguments.count(); i++) {
            result = operation.apply(result, new BigDecimal(Double.toString(decimal(arguments.get(i)))));
        }
        return result.doubleValue();
    }

    private static double round(double value, int places, double roundOn) {
        double power = Math.pow(10, places);
        double digit = power * value;
        double whole = digit < 0 ? Math.ceil(digit) : Math.floor(digit);
        return (digit - whole >= roundOn ? Math.ceil(digit) : Math.floor(digit)) / power;
    }

    private static List<Object> range(long start, long stop, long step, Budget budget) {
        List<Object> range = new ArrayList<>();
        if (step == 0 || (stop < start) == (step > 0)) {
            return range;
        }
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            budget.elements(1);
            range.add(i);
        }
        return range;
    }

    private static String sequence(Arguments arguments) {
        arguments.expect(0, 3);
        if (arguments.count() == 0) {
            return "";
        }
        long start = arguments.count() == 1 ? 1 : arguments.integer(0);
        long end = arguments.integer(arguments.count() - 1);
        long direction = end < start ? -1 : 1;
        long step = arguments.count() == 3 ? arguments.integer(1) : direction;
        StringJoiner out = new StringJoiner(" ");
        range(start, end + direction, step, arguments.budget()).forEach(number -> out.add(number.toString()));
        return out.toString();
    }

    private static boolean amongRest(Arguments arguments, @Nullable Object value) {
        for (int i = 1; i < arguments.count(); i++) {
            if (Values.equal(arguments.get(i), value)) {
                return true;
            }
        }
        return false;
    }

    private static List<@Nullable Object> appended(
            List<?> list, @Nullable Object value, boolean inFront, Budget budget) {
        budget.elements(list.size() + 1L);
        List<@Nullable Object> longer = new ArrayList<>(list);
        longer.add(inFront ? 0 : longer.size(), value);
        return longer;
    }

    private static int bound(Arguments arguments, int index, int otherwise) {
        return index < arguments.count()
                ? Math.clamp(arguments.count(index), 0, arguments.list(0).size())
                : otherwise;
    }

    private static List<Object> chunks(List<?> list, int size) {
        if (size < 1) {
            throw new ExprProblem("chunk size must be at least 1 but is " + size);
        }
        List<Object> chunks = new ArrayList<>();
        for (int i = 0; i < list.size(); i += size) {
            chunks.add(list.subList(i, Math.min(list.size(), i + size)));
        }
        return chunks;
    }

    private static Map<@Nullable Object, @Nullable Object> dict(Arguments arguments) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < arguments.count(); i += 2) {
            map.put(GoFormat.show(arguments.get(i)), i + 1 < arguments.count() ? arguments.get(i + 1) : "");
        }
        return map;
    }

    private static Map<@Nullable Object, @Nullable Object> chosen(Arguments arguments, boolean keep) {
        Map<@Nullable Object, @Nullable Object> chosen = new LinkedHashMap<>();
        arguments.expect(1, Integer.MAX_VALUE).map(0).forEach((key, value) -> {
            if (amongRest(arguments, key) == keep) {
                chosen.put(key, value);
            }
        });
        return chosen;
    }

    private static Map<@Nullable Object, @Nullable Object> merged(Arguments arguments, boolean overwrite) {
        Map<@Nullable Object, @Nullable Object> merged = new LinkedHashMap<>();
        for (int i = 0; i < arguments.expect(1, Integer.MAX_VALUE).count(); i++) {
            arguments.map(i).forEach((key, value) -> {
                if (overwrite || !merged.containsKey(key)) {
                    merged.put(key, value);
                }
            });
        }
        return merged;
    }

    private static boolean isEmpty(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String text -> text.isEmpty();
            case List<?> list -> list.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case Boolean bool -> !bool;
            case Number number -> number.doubleValue() == 0;
            default -> false;
        };
    }

    private static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "invalid";
            case List<?> _ -> "slice";
            case Map<?, ?> _ -> "map";
            default -> Values.typeName(value);
        };
    }

    private static ZonedDateTime time(Arguments arguments, int index) {
        return switch (arguments.get(index)) {
            case ZonedDateTime time -> time;
            case Long seconds -> Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC);
            case null, default -> arguments.now().atZone(ZoneOffset.UTC);
        };
    }

    /** Sprig takes UTC where there is no such zone. */
    private static java.time.ZoneId zone(String name) {
        try {
            return GoTime.zone(name);
        } catch (ExprProblem problem) {
            return ZoneOffset.UTC;
        }
    }

    private static @Nullable Object parsedOrNil(String json) {
        try {
            return GoJson.parse(json);
        } catch (ExprProblem problem) {
            return null;
        }
    }

    /** The duration's largest unit. */
    private static String rounded(Arguments arguments) {
        long seconds = switch (arguments.get(0)) {
            case String text -> {
                try {
                    yield TimeFunctions.duration(text).abs().toSeconds();
                } catch (ExprProblem problem) {
                    yield 0;
                }
            }
            case java.time.ZonedDateTime time ->
                Duration.between(time.toInstant(), arguments.now()).abs().toSeconds();
            case null, default -> 0;
        };
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        if (days > 365) {
            return days / 365 + "y";
        }
        if (days > 30) {
            return days / 30 + "mo";
        }
        if (hours > 24) {
            return days + "d";
        }
        if (minutes > 60) {
            return hours + "h";
        }
        return seconds > 60 ? minutes + "m" : seconds + "s";
    }
}
