package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExprTest {
    private static final Scope SCOPE = Scope.of(variables()).at(Instant.parse("2026-11-22T10:00:00Z"));

    private static Map<String, Object> variables() {
        Map<String, Object> variables = new LinkedHashMap<>();
        variables.put("workflow.name", "sail");
        variables.put("workflow.parameters", "[{\"name\":\"x\"}]");
        variables.put("workflow.parameters.port", "Colchis");
        variables.put("inputs.parameters.count", "7");
        variables.put("inputs.parameters.my-name", "Jason");
        variables.put("inputs.parameters.json", "{\"a\":[1,2,{\"b\":\"c\"}]}");
        variables.put("steps.row.outputs.result", "done");
        variables.put("steps.row.outputs.parameters.gone", Scope.ABSENT);
        variables.put("steps.row.status", "Succeeded");
        variables.put("item", Map.of("name", "oar", "size", 3));
        variables.put("list", List.of(3L, 1L, 2L));
        variables.put("crew", List.of(Map.of("name", "Orpheus", "age", 30L), Map.of("name", "Atalanta", "age", 25L)));
        return variables;
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "1 + 2 * 3 => 7",
                "7 / 2 => 3.5",
                "7 % 4 => 3",
                "2 ** 3 ** 2 => 512",
                "-2 ^ 2 => -4",
                "1.5 + 1 => 2.5",
                "0x1F + 0b11 + 0o7 => 41",
                "1_000 => 1000",
                "'a' + \"b\" => ab",
                "\"tab\\there\" => tab\there",
                "1 < 2 and 2 < 3 => true",
                "1 < 2 < 3 => true",
                "3 > 2 > 2 => false",
                "not true || 1 == 1.0 => true",
                "'x' in ['x', 'y'] => true",
                "'z' not in ['x', 'y'] => true",
                "'name' in item => true",
                "'Argo' startsWith 'A' && 'Argo' endsWith 'o' => true",
                "'Argo' contains 'rg' => true",
                "'Argo' matches '^A.*o$' => true",
                "nil ?? 'd' => d",
                "steps.row.outputs.parameters.gone ?? 'none' => none",
                "inputs.parameters.missing ?? 'd' => d",
                "steps.nobody?.outputs?.result ?? 'd' => d",
                "true ? 'a' : 'b' => a",
                "false ? 'a' : true ? 'b' : 'c' => b",
                "true ?: false => true",
                "if 1 > 2 { 'a' } else { 'b' } => b",
                "let x = 3; let y = x * 2; x + y => 9",
                "workflow.name => sail",
                "workflow['name'] => sail",
                "inputs.parameters['my-name'] => Jason",
                "workflow.parameters.port => Colchis",
                "keys(workflow.parameters) => [\"port\"]",
                "item.name + string(item.size) => oar3",
                "asInt(inputs.parameters.count) + 1 => 8",
                "asFloat('1.5') * 2 => 3",
                "inputs.parameters.count == 7 => false",
                "steps['row'].status == 'Succeeded' ? steps.row.outputs.result : 'x' => done",
                "list[0] + list[-1] => 5",
                "list[1:] => [1,2]",
                "list[:1] => [3]",
                "'abcdef'[1:-1] => bcde",
                "[1, 2, 3,] => [1,2,3]",
                "{a: 1, 'b': [2], (workflow.name): 3} => {\"a\":1,\"b\":[2],\"sail\":3}",
                "1..4 => [1,2,3,4]",
                "map(1..3, # * 2) => [2,4,6]",
                "map(1..3, {# * 2}) => [2,4,6]",
                "filter(crew, .age > 26) => [{\"age\":30,\"name\":\"Orpheus\"}]",
                "crew | map(.name) | join(', ') => Orpheus, Atalanta",
                "all(list, # > 0) && any(list, # == 2) && none(list, # > 9) && one(list, # == 3) => true",
                "count(list, # > 1) => 2",
                "sum(list) => 6",
                "sum(crew, .age) => 55",
                "find(crew, .age < 30).name => Atalanta",
                "findIndex(list, # == 2) => 2",
                "findLast(list, # > 1) => 2",
                "findLastIndex(list, # > 1) => 2",
                "reduce(list, #acc + #) => 6",
                "reduce(list, #acc + #, 10) => 16",
                "sortBy(crew, .age)[0].name => Atalanta",
                "sortBy(list, #, 'desc') => [3,2,1]",
                "groupBy(list, # % 2 == 0 ? 'even' : 'odd').odd => [3,1]",
                "map(list, #index) => [0,1,2]",
                "sort(list) => [1,2,3]",
                "reverse(list) => [2,1,3]",
                "uniq([1, 1, 2]) => [1,2]",
                "flatten([1, [2, [3]]]) => [1,2,3]",
                "concat(list, [9]) => [3,1,2,9]",
                "first(list) * 100 + last(list) => 302",
                "take(list, 2) => [3,1]",
                "min(list) + max(1, 5) => 6",
                "mean(list) => 2",
                "median([1, 2, 3, 4]) => 2.5",
                "abs(-3) + ceil(1.2) + floor(1.8) + round(2.5) => 9",
                "len('Ἀργώ') + len(list) => 7",
                "upper('a') + lower('B') + trim('  c ') => Abc",
                "trim('__x__', '_') + trimPrefix('abc', 'a') + trimSuffix('abc', 'c') => xbcab",
                "split('a,b,c', ',') => [\"a\",\"b\",\"c\"]",
                "split('a,b,c', ',', 2) => [\"a\",\"b,c\"]",
                "replace('aaa', 'a', 'b', 2) => bba",
                "repeat('ab', 3) => ababab",
                "indexOf('hello', 'l') + lastIndexOf('hello', 'l') => 5",
                "int('12') + int(3.9) => 15",
                "float('2') / 4 => 0.5",
                "string(1.0) + string([1, 'a']) + string({b: 2}) => 1[1 a]map[b:2]",
                "type(1) + type('a') + type(nil) + type([]) => intstringnilarray",
                "toJson({a: [1, 'x<y']}) => {\"a\":[1,\"x\\u003cy\"]}",
                "fromJSON('{\"a\": [1, 2.5]}').a[1] => 2.5",
                "toBase64('oar') + fromBase64('b2Fy') => b2Fyoar",
                "jsonpath(inputs.parameters.json, '$.a[2].b') => c",
                "jsonpath(inputs.parameters.json, '$.a[0]') => 1",
                "jsonpath('[{\"n\":1,\"k\":\"x\"},{\"n\":2,\"k\":\"y\"}]', '$[?(@.n > 1)].k') => [\"y\"]",
                "jsonpath('{\"a\":{\"b\":1},\"c\":{\"b\":2}}', '$..b') => [1,2]",
                "get({a: 1}, 'b') ?? 'x' => x",
                "toPairs({a: 1}) => [[\"a\",1]]",
                "fromPairs([['a', 1]]).a => 1",
                "bitand(6, 3) + bitor(4, 1) + bitshl(1, 3) => 15",
                "now().Year() => 2026",
                "now().Format('2006-01-02T15:04:05Z07:00') => 2026-11-22T10:00:00Z",
                "(now() - date('2026-11-21')).Hours() => 34",
                "now() > date('2026-01-01') => true",
                "string(duration('90m')) => 1h30m0s",
                "date('2026-11-22 08:30:00', '2006-01-02 15:04:05').Unix() => 1795336200",
                "sprig.trimSuffix('.txt', 'a.txt') => a",
                "sprig.default('d', '') + sprig.upper('x') => dX",
                "sprig.splitList(',', 'a,b') => [\"a\",\"b\"]",
                "sprig.join('-', ['a', 'b']) => a-b",
                "sprig.replace('a', 'b', 'aa') => bb",
                "sprig.regexReplaceAll('a(x*)b', 'axxb', '${1}W') => xxW",
                "sprig.b64enc('x') + sprig.sha256sum('') => eA==e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "sprig.add(1, '2', 3.9) => 6",
                "sprig.ternary('y', 'n', true) => y",
                "sprig.snakecase('FirstName') + sprig.camelcase('first_name') => first_nameFirstName",
                "sprig.dict('a', 1).a => 1",
                "sprig.date('2006', now()) => 2026",
                "'x' | sprig.upper() => X",
                "sprig.int('7') + 1 => 8",
                "1 /* one */ + 1 => 2",
            })
    void evaluatesLikeExprLang(String source, String expected) {
        assertThat(shown(source)).isEqualTo(expected);
    }

    private static String shown(String source) {
        return switch (Expr.compile(source)) {
            case Expr.Compilation.Invalid _ -> "ERROR";
            case Expr.Compilation.Compiled(var expr) ->
                switch (expr.evaluate(SCOPE)) {
                    case Expr.Evaluation.Value(var value) -> value == null ? "nil" : Expr.toText(value);
                    case Expr.Evaluation.Failed(var message) -> message;
                };
        };
    }

    private static String message(String source) {
        return switch (Expr.compile(source)) {
            case Expr.Compilation.Invalid(var message) -> message;
            case Expr.Compilation.Compiled(var expr) ->
                switch (expr.evaluate(SCOPE)) {
                    case Expr.Evaluation.Value(var value) -> "a value: " + value;
                    case Expr.Evaluation.Failed(var message) -> message;
                };
        };
    }

    @Test
    void pipes() {
        assertThat(shown("crew | map(.name) | join(', ')")).isEqualTo("Orpheus, Atalanta");
        assertThat(shown("'x' | sprig.upper()")).isEqualTo("X");
        assertThat(shown("list | filter(# > 1) | len()")).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 + 'a' | invalid operation: + (mismatched types int and string) (1:3)",
                "'a' < 1 | invalid operation: < (mismatched types string and int) (1:5)",
                "1 % 0 | runtime error: integer divide by zero (1:3)",
                "nobody | unknown name nobody (1:1)",
                "steps.row.a.b | cannot fetch b from <nil> (1:13)",
                "steps['row'].a['b'] | cannot fetch b from <nil> (1:15)",
                "workflow.name.first | cannot fetch first from string (1:15)",
                "list[7] | index out of range: 7 (array length is 3) (1:5)",
                "int('x') | invalid operation: int(x) (1:1)",
                "1 + | unexpected token EOF (1:3)",
                "(1 | unexpected token EOF (1:2)",
                "'abc | literal not terminated (1:5)",
                "1 ?? 2 + 3 | Operator (+) and coalesce expressions (??) cannot be mixed. Wrap either by parentheses. (1:8)",
                "'a' matches '(' | error parsing regexp: missing closing ): `(` (1:13)",
                "sprig.env('HOME') | unknown name sprig.env (1:1)",
                "upper(1) | cannot use int as argument (type string) to call upper (1:7)",
                "upper() | not enough arguments to call upper (1:1)",
                "1 ? 2 : 3 | non-bool expression (type int) used as condition (1:1)",
            })
    void saysWhatIsWrongAndWhere(String source, String expected) {
        assertThat(message(source).lines().findFirst()).contains(expected);
    }

    @Test
    void showsThePlaceInTheText() {
        assertThat(message("1 +\n  nobody")).isEqualTo("unknown name nobody (2:3)\n |   nobody\n | ..^");
    }

    @Test
    void listsWhatItRefersTo() {
        Expr expr = compiled(
                "asInt(inputs.parameters['a-b']) + len(item) > 0 && (tasks.x.outputs.result ?? '') != steps.y?.status");
        assertThat(expr.references()).containsExactly("inputs.parameters.a-b", "item", "tasks", "steps");
        assertThat(expr.mentions())
                .containsExactly("inputs.parameters.a-b", "item", "tasks.x.outputs.result", "steps.y");
    }

    @Test
    void localsAreNoReferences() {
        assertThat(compiled("let x = item; map([1], {# + x})").references()).containsExactly("item");
    }

    @Test
    void timeIsOnlyThereWhenItIsGiven() {
        assertThat(compiled("now()").evaluate(Scope.empty()))
                .isEqualTo(new Expr.Evaluation.Failed("the current time is not available here (1:1)\n | now()\n | ^"));
    }

    @Test
    void conditionsMustBeBoolean() {
        assertThat(compiled("1 == 1").evaluateBoolean(SCOPE)).isEqualTo(new Expr.Evaluation.Value(true));
        assertThat(compiled("'x'").evaluateBoolean(SCOPE))
                .isEqualTo(new Expr.Evaluation.Failed("unable to cast expression result 'x' to bool"));
    }

    static Expr compiled(String source) {
        return switch (Expr.compile(source)) {
            case Expr.Compilation.Compiled(var expr) -> expr;
            case Expr.Compilation.Invalid(var message) -> throw new AssertionError(message);
        };
    }
}
