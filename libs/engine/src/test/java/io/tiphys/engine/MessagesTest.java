package io.tiphys.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesTest {
    @Test
    void whatIsShortEnoughStays() {
        String message = "a".repeat(16_384);
        assertThat(Messages.bounded(message)).isSameAs(message);
    }

    /** A journal record or a status with half a character in it couldn't be written. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc"})
    void noCharacterIsCutInTwo(String end) {
        String bounded = Messages.bounded(end + "😀".repeat(20_000) + end);

        assertThat(bounded)
                .hasSizeLessThanOrEqualTo(16_384)
                .startsWith(end + "😀")
                .endsWith("😀" + end);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(bounded)).isTrue();
    }
}
