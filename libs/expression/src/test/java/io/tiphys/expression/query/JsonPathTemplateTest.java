package io.tiphys.expression.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What kubectl prints for the same template and object. */
class JsonPathTemplateTest {
    private static final JsonNode JOB = json("""
            {"kind": "Job", "metadata": {"name": "j-1", "labels": {"app": "x", "a.b/c": "y"}},
             "spec": {"n": 3, "f": 1.5, "none": null, "on": true, "list": [1, 2, 3, 4],
               "parts": [{"name": "a", "port": 80}, {"name": "b", "port": 443, "tls": {"ca": "k"}}, {"name": "c"}]},
             "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Failed", "status": "False"}]}}
            """);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{.metadata.name} ~ j-1",
                "is {.kind} {.spec.n}! ~ is Job 3!",
                "{.spec.f} ~ 1.5",
                "{.spec.on}{.spec.none} ~ truenull",
                "{.spec.missing.too} ~ ''",
                "{.metadata.labels} ~ {\"a.b/c\":\"y\",\"app\":\"x\"}",
                "{.metadata.labels.a\\.b/c} ~ y",
                "{.metadata['name']} ~ j-1",
                "{.spec.list} ~ [1,2,3,4]",
                "{.spec.list[*]} ~ 1 2 3 4",
                "{.spec.list[-1]} ~ 4",
                "{.spec.list[1:3]} ~ 2 3",
                "{.spec.list[::2]} ~ 1 3",
                "{.spec.parts[0,2].name} ~ a c",
                "{.spec.parts[?(@.name==\"b\")].port} ~ 443",
                "{.spec.parts[?(@.port>100)].name} ~ b",
                "{.spec.parts[?(@.tls)].name} ~ b",
                "{range .spec.parts[*]}{.name}={.port};{end} ~ a=80;b=443;c=;",
                "{range .spec.nothing[*]}x{end}y ~ y",
                "{..ca} ~ k",
                "{.status.conditions[?(@.type==\"Ready\")].status} ~ True",
                "{\"a\\tb\"} ~ 'a\tb'",
                "no braces ~ no braces",
            })
    void printsWhatKubectlPrints(String template, String printed) throws QueryException {
        assertThat(JsonPathTemplate.compile(template).apply(JOB)).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{.kind",
                "{foo}",
                "{.spec.list[9]}",
                "{.spec.list[2:1]}",
                "{.spec.list[x]}",
                "{.kind[0]}",
                "{end}",
                "{.spec.parts[?(@.port<\"x\")]}",
                "{.spec.parts[?(@.a==1]}"
            })
    void refusesWhatKubectlRefuses(String template) {
        assertThatThrownBy(() -> JsonPathTemplate.compile(template).apply(JOB)).isInstanceOf(QueryException.class);
    }

    @Test
    void endsWhereAPathLooksAtTooMuch() {
        JsonNode many = new ObjectMapper().valueToTree(Collections.nCopies(2_000, "x"));
        String everything = "{[" + "*,".repeat(1_000) + "*]}";
        assertThatThrownBy(() -> JsonPathTemplate.compile(everything).apply(many))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("more than 1000000 values");
    }
}
