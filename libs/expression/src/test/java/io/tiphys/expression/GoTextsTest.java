package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoTextsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "user%02X|10|user0A",
                "%d|5|5",
                "%03d|-7|-07",
                "%5d|42|   42",
                "%-5d!|42|42   !",
                "%+d|3|+3",
                "%x|255|ff",
                "%#x|255|0xff",
                "%o|8|10",
                "%b|5|101",
                "%c|65|A",
                "%.3d|7|007",
                "100%%-%d|1|100%-1",
                "%v|9|9",
                "%s|5|%!s(int=5)",
                "plain|5|plain%!(EXTRA int=5)",
                "%d-%d|5|5-%!d(MISSING)",
                "%|5|%!(NOVERB)%!(EXTRA int=5)",
            })
    void formatsNumbers(String format, long argument, String expected) {
        assertThat(GoFormat.format(format, argument)).isEqualTo(expected);
    }

    @Test
    void hugeWidthsAreRefused() {
        assertThat(GoFormat.format("%999999999d", 1)).hasSizeLessThan(20_000).startsWith("%!(BADWIDTH)");
    }

    @ParameterizedTest
    @CsvSource({
        "1h30m, 1h30m0s",
        "1.5s, 1.5s",
        "300ms, 300ms",
        "90s, 1m30s",
        "-1m, -1m0s",
        "0, 0s",
        "2h0.5s, 2h0m0.5s",
        "15us, 15µs",
        "1ns, 1ns",
    })
    void durationsRoundTrip(String text, String shown) {
        assertThat(GoDuration.parse(text).map(GoDuration::format)).contains(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "h", "1x", "1h ", "1..5s", "-", "9999999999h"})
    void notDurations(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Test
    void bareNumbersAreSecondsWhereArgoSaysSo() {
        assertThat(GoDuration.parseOrSeconds("10")).contains(Duration.ofSeconds(10));
        assertThat(GoDuration.parseOrSeconds("2m")).contains(Duration.ofMinutes(2));
    }

    @Test
    void strftime() {
        ZonedDateTime time = ZonedDateTime.parse("2026-03-04T15:06:07.089Z");
        assertThat(Strftime.format("%Y-%m-%d %H:%M:%S%L %I%p %a %A %b %B %y %z %% %q", time))
                .isEqualTo("2026-03-04 15:06:07.089 03PM Wed Wednesday Mar March 26 +0000 % %q");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "1.5, 1.5",
        "1e21, 1e+21",
        "123456789, 1.23456789e+08",
        "123456, 123456",
        "0.00001, 1e-05",
        "-0.5, -0.5"
    })
    void showsFloats(double number, String expected) {
        assertThat(GoFormat.show(number)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1e21, 1e+21", "0.00001, 0.00001", "0.0000001, 1e-7", "3, 3"})
    void writesFloatsAsJson(double number, String expected) {
        assertThat(GoJson.compact(number)).isEqualTo(expected);
    }
}
