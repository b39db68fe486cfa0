package io.tiphys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactDriverTest {
    @Test
    void readsArgosList() {
        var drivers = ArtifactDriver.listOf(
                "drivers",
                "[{\"name\":\"a-driver\",\"image\":\"a:1\",\"connectionTimeoutSeconds\":7},{\"name\":\"b\",\"socket\":\"/run/b\"}]");

        assertThat(drivers)
                .containsExactly(
                        new ArtifactDriver("a-driver", "a:1", 7, null), new ArtifactDriver("b", null, 0, "/run/b"));
        assertThat(drivers.getFirst().socketPath()).isEqualTo("/tmp/artifact-plugins/a-driver/socket");
        assertThat(drivers.getLast().socketPath()).isEqualTo("/run/b");
    }

    @Test
    void nothingIsNone() {
        assertThat(ArtifactDriver.listOf("drivers", null)).isEmpty();
        assertThat(ArtifactDriver.listOf("drivers", " ")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                          | drivers: is no list of artifact drivers
            [{"image":"a:1"}]                           | drivers[0].name: is ""
            [null]                                      | drivers[0].name: is ""
            [{"name":"../a"}]                           | drivers[0].name: is "../a", must be letters
            [{"name":"a"},{"name":"a"}]                 | drivers[1].name: "a" is there twice
            [{"name":"a","connectionTimeoutSeconds":-1}] | drivers[0].connectionTimeoutSeconds: is -1
            """)
    void saysWhatIsWrong(String json, String message) {
        assertThatThrownBy(() -> ArtifactDriver.listOf("drivers", json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
