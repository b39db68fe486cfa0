package io.tiphys.submitter.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLineTest {
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void takesTheTimeOff() {
        LogLine line = LogLine.parse("p", "2026-01-02T00:00:00.5Z  two spaces", false, BEFORE);
        assertThat(line.at()).isEqualTo(Instant.parse("2026-01-02T00:00:00.5Z"));
        assertThat(line.content()).isEqualTo(" two spaces");
        assertThat(LogLine.parse("p", "2026-01-02T00:00:00Z", false, BEFORE).content())
                .isEmpty();
        assertThat(LogLine.parse("p", "2026-01-02T00:00:00Z x", true, BEFORE).content())
                .isEqualTo("2026-01-02T00:00:00Z x");
    }

    @Test
    void aLineWithoutTimeIsAsOldAsTheOneBefore() {
        assertThat(LogLine.parse("p", "no time", false, BEFORE)).isEqualTo(new LogLine("p", BEFORE, "no time"));
    }

    @Test
    void aLogWithoutLineEndsComesInPieces() throws IOException {
        byte[] log = ("x".repeat(2 * 1024 * 1024 + 1) + "\r\nlast").getBytes(StandardCharsets.UTF_8);
        List<Integer> lengths = new ArrayList<>();
        try (LongLines lines = new LongLines(new ByteArrayInputStream(log))) {
            for (String line = lines.next(); line != null; line = lines.next()) {
                lengths.add(line.length());
            }
        }
        assertThat(lengths).containsExactly(1024 * 1024, 1024 * 1024, 1, 4);
    }
}
