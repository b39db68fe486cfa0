package io.tiphys.executor.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JqFilterTest {
    private static JsonNode object() throws Exception {
        return new ObjectMapper().readTree("""
                {"metadata": {"name": "one"}, "items": [{"n": 1, "s": "x"}, {"n": 2}, {"n": 3}]}
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                ".metadata.name ~ one",
                "[.items[].n] | add ~ 6",
                ".items[0] ~ {\"n\":1,\"s\":\"x\"}",
                ".items | map(select(.n > 1)) | length ~ 2",
                ".absent ~ null",
            })
    void showsTextsPlainlyAndTheRestAsJson(String filter, String text) throws Exception {
        assertThat(JqFilter.apply(filter, object())).isEqualTo(text);
    }

    @Test
    void severalOutcomesAreLines() throws Exception {
        assertThat(JqFilter.apply(".items[].n", object())).isEqualTo("1\n2\n3");
    }

    @Test
    void endsInAnErrorNeverInAHang() throws Exception {
        JsonNode object = object();

        assertThatThrownBy(() -> JqFilter.apply("def f: f; f", object, Duration.ofMillis(300)))
                .hasMessageContaining("jqFilter");
        assertThatThrownBy(() -> JqFilter.apply(".items[", object)).hasMessageContaining("jqFilter");
    }
}
