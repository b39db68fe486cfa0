package io.tiphys.expression.jq;

import io.tiphys.expression.jq.Env.Closure;
import io.tiphys.expression.jq.Filter.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The functions that every filter knows: those that steer, those over values, and those that are written in jq itself. */
final class Builtins {
    private static final String PRELUDE = """
            def not: if . then false else true end;
            def map(f): [.[] | f];
            def map_values(f): .[] |= f;
            def select(f): if f then . else empty end;
            def recurse(f): def r: ., (f | r); r;
            def recurse: recurse(.[]?);
            def recurse(f; c): def r: ., (f | select(c) | r); r;
            def values: select(. != null);
            def nulls: select(. == null);
            def booleans: select(type == "boolean");
            def numbers: select(type == "number");
            def strings: select(type == "string");
            def arrays: select(type == "array");
            def objects: select(type == "object");
            def iterables: select(type | . == "array" or . == "object");
            def scalars: select(type | . != "array" and . != "object");
            def paths: path(..) | select(length > 0);
            def paths(f): . as $whole | paths | select(. as $p | $whole | getpath($p) | f);
            def pick(f): . as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)));
            def to_entries: [keys[] as $k | {key: $k, value: .[$k]}];
            def from_entries: reduce .[] as $e ({}; . + {($e | if type == "object" then (if has("key") then .key elif has("k") then .k elif has("name") then .name elif has("Name") then .Name elif has("Key") then .Key else .K end) else null end | if type == "string" then . else tojson end): ($e | if has("value") then .value elif has("v") then .v elif has("Value") then .Value else .V end)});
            def with_entries(f): to_entries | map(f) | from_entries;
            def add: reduce .[] as $x (null; . + $x);
            def add(f): reduce f as $x (null; . + $x);
            def any: any(.[]; .);
            def any(f): any(.[]; f);
            def any(g; c): isempty(first(g | c | select(.))) | not;
            def all: all(.[]; .);
            def all(f): all(.[]; f);
            def all(g; c): isempty(first(g | c | select(. | not)));
            def isempty(g): label $out | (g | false, break $out), true;
            def in(xs): . as $x | xs | has($x);
            def inside(xs): . as $x | xs | contains($x);
            def while(c; u): def r: if c then ., (u | r) else empty end; r;
            def until(c; u): def r: if c then . else (u | r) end; r;
            def repeat(f): def r: f, r; r;
            def range($n): range(0; $n; 1);
            def range($a; $b): range($a; $b; 1);
            def first: .[0];
            def last: .[-1];
            def last(f): reduce f as $x (null; $x);
            def nth($n): .[$n];
            def nth($n; f): first(skip($n; f));
            def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
            def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
            def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
            def env: {};
            def halt_error: error;
            def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
            def fromdate: fromdateiso8601;
            def match(re): match(re; null);
            def match($re; $f): _match($re; $f)[];
            def test(re): test(re; null);
            def test($re; $f): _match($re; $f) | length > 0;
            def capture(re): capture(re; null);
            def capture($re; $f): match($re; $f) | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
            def scan(re): scan(re; null);
            def scan($re; $f): match($re; "g" + $f) | if (.captures | length) > 0 then [.captures[].string] else .string end;
            def splits(re): splits(re; null);
            def splits($re; $f): split($re; $f)[];
            def split($re; $f): . as $s | [foreach (match($re; "g" + $f), null) as $m ({o: 0, s: null}; if $m == null then .s = $s[.o:] else .s = $s[.o:$m.offset] | .o = $m.offset + $m.length end; .s)];
            def sub(re; str): sub(re; str; "");
            def sub($re; str; $f): . as $s | (reduce (match($re; $f)) as $m ({o: 0, s: ""}; .s += $s[.o:$m.offset] + ($m | [.captures[] | select(.name != null) | {key: .name, value: .string}] | from_entries | str) | .o = $m.offset + $m.length)) | .s + $s[.o:];
            def gsub(re; str): sub(re; str; "g");
            def gsub($re; str; $f): sub($re; str; "g" + $f);
            def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
            def del(f): delpaths([path(f)]);
            def inputs: empty;
            def input: error("No more inputs");
            def debug: .;
            def debug(f): .;
            def stderr: .;
            def sort_by(f): _sort_by(map([f]));
            def group_by(f): _group_by(map([f]));
            def unique_by(f): [group_by(f)[] | .[0]];
            def unique: unique_by(.);
            def min_by(f): _min_by(map([f]));
            def max_by(f): _max_by(map([f]));
            def min: min_by(.);
            def max: max_by(.);
            def IN(s): . as $x | any(s; . == $x);
            def IN(s; t): any(s | IN(t); .);
            def INDEX(f): INDEX(.[]; f);
            def INDEX(s; f): reduce s as $row ({}; .[$row | f | tostring] |= $row);
            def index($i): indices($i) | .[0];
            def rindex($i): indices($i) | .[-1:][0];
            """;

    private static final Map<String, Closure> WRITTEN = new HashMap<>();

    private Builtins() {}

    static {
        JqParser parser = new JqParser(PRELUDE);
        try {
            while (parser.peekWord().equals("def")) {
                JqParser.Definition definition = parser.definition();
                WRITTEN.put(definition.key(), new Closure(definition.parameters(), definition.body(), null));
            }
        } catch (JqException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The call of a built-in function; null if there is none with this name and number of arguments. */
    static @Nullable Filter named(String key, List<Filter> arguments) {
        Filter steering = steering(key, arguments);
        if (steering != null) {
            return steering;
        }
        ValueFunctions.Function function = ValueFunctions.named(key);
        if (function != null) {
            return Filter.ofValues((input, env, out) -> combine(arguments, new ArrayList<>(), input, env, given -> {
                env.steps().take(1);
                out.accept(function.apply(input, given));
            }));
        }
        Closure written = WRITTEN.get(key);
        return written == null
                ? null
                : (path, input, env, out) ->
                        Filters.called(Env.root(env.steps()), written, arguments, path, input, env, out);
    }

    private static void combine(
            List<Filter> arguments,
            List<@Nullable Object> given,
            @Nullable Object input,
            Env env,
            Consumer<List<@Nullable Object>> body) {
        if (given.size() == arguments.size()) {
            body.accept(given);
            return;
        }
        arguments.get(given.size()).run(null, input, env, (_, value) -> {
            List<@Nullable Object> more = new ArrayList<>(given);
            more.add(value);
            combine(arguments, more, input, env, body);
        });
    }

    private static @Nullable Filter steering(String key, List<Filter> arguments) {
        return switch (key) {
            case "empty/0" -> Filters.EMPTY;
            case "error/0" ->
                (_, input, _, _) -> {
                    throw new JqError(input);
                };
            case "error/1" ->
                (_, input, env, _) -> arguments.getFirst().run(null, input, env, (_, value) -> {
                    throw new JqError(value);
                });
            case "path/1" ->
                Filter.ofValues((input, env, out) ->
                        Updates.paths(arguments.getFirst(), input, env).forEach(path -> out.accept(path)));
            case "getpath/1" ->
                (path, input, env, out) -> arguments.getFirst().run(null, input, env, (_, keys) -> {
                    List<@Nullable Object> way = Json.list(keys, "getpath");
                    Path at = path;
                    for (Object part : way) {
                        at = Path.child(at, part);
                    }
                    out.accept(at, Access.at(input, way));
                });
            case "first/1" -> first(arguments.getFirst());
            case "limit/2" ->
                (path, input, env, out) -> arguments
                        .getFirst()
                        .run(
                                null,
                                input,
                                env,
                                (_, count) -> limited(arguments.get(1), Json.number(count, "limit"))
                                        .run(path, input, env, out));
            case "skip/2" ->
                (path, input, env, out) -> arguments.getFirst().run(null, input, env, (_, count) -> {
                    double[] left = {Json.number(count, "skip")};
                    arguments.get(1).run(path, input, env, (at, value) -> {
                        if (--left[0] < 0) {
                            out.accept(at, value);
                        }
                    });
                });
            case "range/3" ->
                Filter.ofValues((@Nullable Object input, Env env, Consumer<@Nullable Object> out) -> combine(
                        arguments,
                        new ArrayList<>(),
                        input,
                        env,
                        (List<@Nullable Object> given) -> range(given, env, out)));
            case "_match/2" ->
                Filter.ofValues((@Nullable Object input, Env env, Consumer<@Nullable Object> out) -> combine(
                        arguments,
                        new ArrayList<>(),
                        input,
                        env,
                        (List<@Nullable Object> given) -> out.accept(Matches.of(
                                Json.text(input, "match cannot be applied to"),
                                given.get(0),
                                given.get(1),
                                env.steps()))));
            default -> null;
        };
    }

    private static void range(List<@Nullable Object> given, Env env, Consumer<@Nullable Object> out) {
        double from = Json.number(given.get(0), "range");
        double to = Json.number(given.get(1), "range");
        double by = Json.number(given.get(2), "range");
        for (double i = from; by > 0 ? i < to : by < 0 ? i > to : i < to; i += by) {
            env.steps().take(1);
            out.accept(i);
        }
    }

    static Filter first(Filter of) {
        return limited(of, 1);
    }

    private static Filter limited(Filter of, double count) {
        return (path, input, env, out) -> {
            if (count <= 0) {
                return;
            }
            Flow.Break enough = new Flow.Break();
            double[] left = {count};
            try {
                of.run(path, input, env, (at, value) -> {
                    left[0]--;
                    out.accept(at, value);
                    if (left[0] <= 0) {
                        throw enough;
                    }
                });
            } catch (Flow.Break end) {
                if (end != enough) {
                    throw end;
                }
            }
        };
    }

    static List<@Nullable Object> split(String text, String separator) {
        List<@Nullable Object> parts = new ArrayList<>();
        if (text.isEmpty()) {
            return parts;
        }
        if (separator.isEmpty()) {
            text.codePoints().forEach(point -> parts.add(Character.toString(point)));
            return parts;
        }
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }
}
