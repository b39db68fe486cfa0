package io.tiphys.api.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeFieldSelectorTest {
    private static final Map<String, String> NODE =
            Map.of("displayName", "approve", "phase", "Running", "inputs.parameters.x.value", "a,b=c");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            displayName=approve                       | true
            displayName==approve                      | true
            displayName = approve , phase=Running     | true
            displayName=approve,phase!=Running        | false
            phase!=Failed,phase!=Error                | true
            phase!=Running,phase!=Failed              | false
            name=                                     | true
            name!=wf                                  | true
            inputs.parameters.x.value=a\\,b\\=c       | true
            inputs.parameters.x.value=a               | false
            ,                                         | true
            """)
    void matches(String selector, boolean selected) {
        assertThat(NodeFieldSelector.parse(selector).matches(NODE::get)).isEqualTo(selected);
    }

    @Test
    void saysWhichTermIsNone() {
        assertThatThrownBy(() -> NodeFieldSelector.parse("displayName=a,approve"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"approve\"");
        assertThatThrownBy(() -> NodeFieldSelector.parse("=a")).isInstanceOf(IllegalArgumentException.class);
    }
}
