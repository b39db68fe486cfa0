package io.tiphys.expression.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionTest {
    private static final JsonNode JOB = job();

    private static JsonNode job() {
        try {
            return new ObjectMapper()
                    .readTree(
                            "{\"status\": {\"phase\": \"Succeeded\", \"succeeded\": 2, \"none\": null, \"list\": [\"a\"]}}");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "status.phase == Succeeded ~ true",
                "status.phase=Succeeded ~ true",
                "status.phase in (Failed, Error) ~ false",
                "status.phase notin (Failed) ~ true",
                "status.missing != x ~ true",
                "status.missing == x ~ false",
                "status.succeeded > 1 ~ true",
                "status.succeeded > 2 ~ false",
                "status.succeeded < 3, status.phase == Succeeded ~ true",
                "status.succeeded < 3, status.phase == Failed ~ false",
                "status.phase > 1 ~ false",
                "status.none ~ true",
                "status.none == ~ true",
                "!status.none ~ false",
                "status.list.0 = a ~ true",
                "'' ~ true",
            })
    void holdsAsInKubernetes(String condition, boolean holds) throws QueryException {
        assertThat(Condition.compile(condition).allHold(JOB)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a in x",
                "a in (b",
                "a > x",
                ",a",
                "a,",
                "-a",
                "a == \"b\"",
                "a===b",
                "status.conditions.#.type"
            })
    void refusesWhatIsNoSelector(String condition) {
        assertThatThrownBy(() -> Condition.compile(condition)).isInstanceOf(QueryException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "status.phase in (Succeeded), status.phase in (Succeeded)",
        "'status.missing,status.succeeded > 1', status.succeeded>1",
        "status.phase == Failed, ''"
    })
    void namesTheRequirementThatHolds(String condition, String shown) throws QueryException {
        assertThat(Condition.compile(condition).firstThatHolds(JOB)).isEqualTo(shown);
    }
}
