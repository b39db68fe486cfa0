package io.tiphys.executor.names;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ä", "…/ü", "名前", "🚢 argo", "\u0000", "\uFFFD"})
    void textStaysText(String name) {
        assertThat(FileNames.encode(name)).isEqualTo(name.getBytes(UTF_8));
        assertThat(FileNames.decode(name.getBytes(UTF_8))).isEqualTo(name);
        assertThat(FileNames.isText(name)).isTrue();
    }

    @Test
    void otherBytesComeBackAsTheyWere() {
        var random = new SplittableRandom(7);
        for (int n = 0; n < 20_000; n++) {
            var bytes = new byte[random.nextInt(12)];
            random.nextBytes(bytes);
            if (n % 2 == 0) { // more that begins like UTF-8
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] |= (byte) 0x80;
                }
            }
            var name = FileNames.decode(bytes);
            assertThat(FileNames.encode(name)).isEqualTo(bytes);
            assertThat(FileNames.isText(name)).isEqualTo(new String(bytes, UTF_8).equals(name));
        }
    }

    @Test
    void librariesFindTheCharsetByName() {
        assertThat(Charset.forName(FileNames.CHARSET)).isSameAs(FileNames.charset());
    }

    @Test
    void namesThatAreNotTextAreNoPaths() {
        assertThat(FileNames.isPath(FileNames.decode(new byte[] {'a', (byte) 0xe9})))
                .isFalse();
        assertThat(FileNames.isPath("a")).isTrue();
    }
}
