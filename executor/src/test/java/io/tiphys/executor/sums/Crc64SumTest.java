package io.tiphys.executor.sums;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.transfer.Crc64;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class Crc64SumTest {
    private static final Path LIBRARY = Path.of("target/dist/tiphys/libsums.so").toAbsolutePath();

    @Test
    void libraryAndTablesAgree() {
        var library = NativeCrc64.load(LIBRARY);
        assertThat(library).as("the library is built").isNotNull();
        var random = new SplittableRandom(3);
        var bytes = new byte[5000];
        random.nextBytes(bytes);
        for (int n = 0; n < 500; n++) {
            int from = random.nextInt(100);
            int to = from + random.nextInt(4800);
            int middle = from + (to - from) / 3;
            var quick = new Crc64Sum(library);
            quick.update(bytes, from, middle - from);
            quick.update(bytes, middle, to - middle);
            assertThat(quick.value()).isEqualTo(Crc64.of(Arrays.copyOfRange(bytes, from, to)));
        }
    }

    @Test
    void withoutALibraryTablesDo() {
        assertThat(NativeCrc64.load(Path.of("/no/such/library.so"))).isNull();
        var sum = new Crc64Sum(null);
        sum.update("123456789".getBytes(US_ASCII), 0, 9);
        assertThat(Long.toHexString(sum.value())).isEqualTo("995dc9bbdf1939fa"); // the catalogue's check value
    }
}
