package io.tiphys.expression.jq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JqFilterTest {

    /** Each filter with what gojq prints for the object in the first line, as Argo prints it. */
    @Test
    void filtersGiveWhatTheyGiveInArgo() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        JsonNode object = NullNode.getInstance();
        List<String> wrong = new ArrayList<>();
        try (InputStream in = JqFilterTest.class.getResourceAsStream("filters.jsonl")) {
            assertThat(in).isNotNull();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                JsonNode row = mapper.readTree(line);
                if (row.has("object")) {
                    object = row.get("object");
                    continue;
                }
                String expected = row.has("fails") ? "fails" : row.get("prints").asText();
                String actual = printed(row.get("filter").asText(), object);
                if (!actual.equals(expected)) {
                    wrong.add(row.get("filter").asText() + " prints " + actual + ", not " + expected);
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static String printed(String filter, JsonNode object) {
        try {
            return JqFilter.compile(filter).apply(object);
        } catch (JqException e) {
            return "fails";
        }
    }

    @ParameterizedTest
    @Timeout(20)
    @ValueSource(
            strings = {
                "[range(1e12)]",
                "range(1e12) | empty",
                "def f: f; f",
                "def f: 1 + f; f",
                "repeat(1)",
                "reduce range(1e9) as $x (\"a\"; . + .)",
                "[recurse([., .])]",
                "last(recurse(. + 1))",
                "\"a\" * 1e9",
                "until(false; .)",
                "\"a\" * 1000000 | [match(\"a[^b]*b|a\"; \"g\")] | length",
            })
    void hostileFiltersEnd(String filter) {
        assertThatThrownBy(() -> JqFilter.compile(filter).apply(NullNode.getInstance()))
                .isInstanceOf(JqException.class);
    }

    @Test
    void deepNestingIsRefused() {
        assertThatThrownBy(() -> JqFilter.compile("(".repeat(5_000) + ".")).hasMessageContaining("nested more than");
        assertThatThrownBy(() -> JqFilter.compile("[".repeat(5_000))).hasMessageContaining("nested more than");
    }

    @Test
    void regularExpressionsMatchInLinearTime() {
        assertThat(Duration.ofSeconds(5)).satisfies(limit -> {
            long began = System.nanoTime();
            printed("\"" + "a".repeat(5_000) + "\" | test(\"(a+)+$b\")", NullNode.getInstance());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(limit);
        });
    }
}
