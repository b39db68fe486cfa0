package io.tiphys.submitter.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.submitter.artifacts.ByteRange.Asked;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=2-4, 2, 4",
        "bytes=7-, 7, 9",
        "bytes=7-99, 7, 9",
        "bytes=-3, 7, 9",
        "bytes=-99, 0, 9"
    })
    void onePartOfTen(String header, long from, long to) {
        assertThat(ByteRange.parse(header, 10)).isEqualTo(new Asked.Part(new ByteRange(from, to)));
    }

    @ParameterizedTest
    @CsvSource({"bytes=10-", "bytes=10-12", "bytes=-0"})
    void notToBeHad(String header) {
        assertThat(ByteRange.parse(header, 10)).isEqualTo(new Asked.Unsatisfiable());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "bytes=0-1,3-4", "lines=1-2", "bytes=4-2", "bytes=-", "bytes=a-b"})
    void whatMayBeIgnored(String header) {
        assertThat(ByteRange.parse(header, 10)).isEqualTo(new Asked.Whole());
    }
}
