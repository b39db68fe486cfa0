package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Thousands of expressions and conditions with what expr-lang (with sprig) and govaluate make of them, as Argo calls these. */
class TablesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Map<String, Object> VARIABLES = Map.of(
            "a.s", "foo",
            "a.n", "3",
            "a.f", "1.5",
            "a.b", "true",
            "a.e", "",
            "a.j", "[1,2]",
            "a.o", "{\"k\":{\"x\":[1,\"y\",null,2.5]}}",
            "top", "7",
            "inputs.parameters.x-y", "9",
            "inputs.parameters.msg", "hello world");

    private static List<JsonNode> rows(String file) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        try (InputStream in = TablesTest.class.getResourceAsStream(file)) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                rows.add(mapper.readTree(line));
            }
        }
        return rows;
    }

    @Test
    void expressionsGiveWhatTheyGiveInArgo() throws IOException {
        Scope scope = Scope.of(VARIABLES).at(NOW);
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : rows("expressions.jsonl")) {
            String expected = row.has("fails") ? null : GoJson.compact(GoJson.value(row.get("value")));
            String source = row.get("expression").asText();
            String actual = json(source, scope);
            if (expected == null ? actual != null : !expected.equals(actual)) {
                wrong.add(source + " is " + actual + ", not " + expected);
            }
        }
        assertThat(wrong).isEmpty();
    }

    /** The value as JSON; null if there is none. */
    private static @Nullable String json(String source, Scope scope) {
        if (!(Expr.compile(source) instanceof Expr.Compilation.Compiled(var expr))
                || !(expr.evaluate(scope) instanceof Expr.Evaluation.Value(var value))) {
            return null;
        }
        try {
            return GoJson.compact(GoJson.parse(GoJson.compact(value)));
        } catch (ExprProblem problem) {
            return null;
        }
    }

    @Test
    void conditionsHoldWhereTheyHoldInArgo() throws IOException {
        List<String> wrong = new ArrayList<>();
        for (JsonNode row : rows("conditions.jsonl")) {
            String expected = row.has("fails") ? "fails" : row.get("holds").asText();
            String actual = switch (When.evaluate(row.get("when").asText())) {
                case When.Verdict.Decided(var run) -> String.valueOf(run);
                case When.Verdict.Invalid _ -> "fails";
            };
            if (!expected.equals(actual)) {
                wrong.add(row.get("when").asText() + ": " + actual + ", not " + expected);
            }
        }
        assertThat(wrong).isEmpty();
    }
}
