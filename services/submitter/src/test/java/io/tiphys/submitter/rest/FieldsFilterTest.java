package io.tiphys.submitter.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldsFilterTest {
    private static final String LIST = """
            {"metadata":{"continue":"1"},"items":[{"metadata":{"name":"a","uid":"1"},"spec":{},"status":{"phase":"Failed",
            "nodes":{"n":{"phase":"Running"}}}}]}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "items.metadata.name|{\"items\":[{\"metadata\":{\"name\":\"a\"}}]}",
                "metadata,items.status.phase|{\"metadata\":{\"continue\":\"1\"},\"items\":[{\"status\":{\"phase\":\"Failed\"}}]}",
                "-items.status.nodes,items.spec,metadata|{\"items\":[{\"metadata\":{\"name\":\"a\",\"uid\":\"1\"},\"status\":{\"phase\":\"Failed\"}}]}",
            })
    void keepsOrLeavesOut(String fields, String expected) throws Exception {
        JsonNode list = new ObjectMapper().readTree(LIST);
        JsonNode cleaned = FieldsFilter.parse(fields).apply(list);
        assertThat(cleaned.toString()).isEqualTo(expected);
    }

    @Test
    void nothingAskedIsEverything() throws Exception {
        JsonNode list = new ObjectMapper().readTree(LIST);
        JsonNode copy = list.deepCopy();
        assertThat(FieldsFilter.parse("").apply(copy).toString()).isEqualTo(list.toString());
        assertThat(FieldsFilter.parse(null).willExclude("status.nodes")).isFalse();
    }

    @Test
    void knowsWhatNeedsNoWork() {
        assertThat(FieldsFilter.parse("metadata.name").willExclude("status.nodes"))
                .isTrue();
        assertThat(FieldsFilter.parse("status").willExclude("status.nodes")).isFalse();
        assertThat(FieldsFilter.parse("-status.nodes").willExclude("status.nodes"))
                .isTrue();
        assertThat(FieldsFilter.parse("-status.nodes.x").willExclude("status.nodes"))
                .isFalse();
        assertThat(FieldsFilter.parse("result.object.status.phase", "result.object.")
                        .paths())
                .containsExactly("status.phase");
        assertThat(FieldsFilter.parse("metadata,items.status.phase").ofItems().paths())
                .containsExactly("status.phase");
    }
}
