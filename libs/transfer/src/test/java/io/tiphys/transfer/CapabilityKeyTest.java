package io.tiphys.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.transfer.CapabilityKey.InvalidCapabilityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapabilityKeyTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final CapabilityKey key = CapabilityKey.of(bytes(1));
    private final Capability capability = new Capability(
            "uid-1",
            "default",
            "hello",
            "hello-1",
            "hello-main-1",
            7,
            NOW.plusSeconds(60),
            Map.of(),
            Map.of("out", Map.of("oss", Map.of("bucket", "b", "key", "hello/out.tgz"))));

    @Test
    void verifiesWhatItSigned() throws Exception {
        assertThat(key.verify(key.sign(capability), NOW)).isEqualTo(capability);
    }

    @Test
    void refusesAnExpiredOne() {
        assertThatThrownBy(() -> key.verify(key.sign(capability), NOW.plusSeconds(60)))
                .isInstanceOf(InvalidCapabilityException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void refusesOneSignedWithAnotherKeyOrNotAtAll() {
        var foreign = CapabilityKey.of(bytes(2)).sign(capability);
        assertThatThrownBy(() -> key.verify(foreign, NOW)).isInstanceOf(InvalidCapabilityException.class);
        var unsigned = "eyJhbGciOiJub25lIn0." + foreign.split("\\.", -1)[1] + ".";
        assertThatThrownBy(() -> key.verify(unsigned, NOW)).isInstanceOf(InvalidCapabilityException.class);
        assertThatThrownBy(() -> key.verify("nonsense", NOW)).isInstanceOf(InvalidCapabilityException.class);
    }

    private static byte[] bytes(int value) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
