package io.tiphys.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectorTest {
    private static final Map<String, String> LABELS = Map.of("phase", "Failed", "n", "7", "a/b.c", "");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase=Failed|true",
                "phase==Failed|true",
                "phase!=Failed|false",
                "absent!=x|true",
                "phase in (Failed, Error)|true",
                "phase notin (Failed,Error)|false",
                "phase|true",
                "!phase|false",
                "!absent , n>6|true",
                "n<7|false",
                "a/b.c=|true",
                "phase in (Failed),n=8|false"
            })
    void matchesAsKubernetesDoes(String selector, boolean matches) {
        assertThat(Selector.parse(selector).matches(LABELS)).isEqualTo(matches);
    }

    @Test
    void knowsTheOnlyValueOfAKey() {
        assertThat(Selector.parse("metadata.name=x,y").exact("metadata.name")).isEqualTo("x");
        assertThat(Selector.parse("metadata.name!=x").exact("metadata.name")).isNull();
    }

    @Test
    void namesTheUnreadablePart() {
        assertThatThrownBy(() -> Selector.parse("a=b,c d")).hasMessageContaining("\"c d\"");
    }
}
