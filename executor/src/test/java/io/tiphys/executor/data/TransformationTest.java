package io.tiphys.executor.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class TransformationTest {
    private static final List<String> KEYS = List.of("a.py", "b.pdf", "sub/c.py");

    @Test
    void isTheListWhenNothingIsDoneWithIt() throws Exception {
        assertThat(Transformation.apply(KEYS, List.of())).isEqualTo("[\"a.py\",\"b.pdf\",\"sub/c.py\"]");
    }

    @Test
    void eachExpressionSeesTheOutcomeOfTheOneBefore() throws Exception {
        assertThat(Transformation.apply(
                        KEYS, List.of("filter(data, {# endsWith '.py'})", "map(data, {# + '.done'})", "data[0]")))
                .isEqualTo("\"a.py.done\"");
    }

    @Test
    void saysWhichStepFailed() {
        assertThatThrownBy(() -> Transformation.apply(KEYS, List.of("data", "map(data, {# + })")))
                .hasMessageContaining("error processing data step 1");
        assertThatThrownBy(() -> Transformation.apply(KEYS, List.of("data.nothing.there")))
                .hasMessageContaining("error processing data step 0");
    }
}
