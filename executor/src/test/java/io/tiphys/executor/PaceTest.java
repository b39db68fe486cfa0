package io.tiphys.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {
    private final AtomicLong clock = new AtomicLong();

    /** Transfers one after the other, which take as long as {@code bytesPerSecond} of each place says, up to a narrow network. */
    private void transfer(Pace pace, int times, double ofOnePlace, double ofNetwork) throws Exception {
        for (int n = 0; n < times; n++) {
            pace.enter();
            double rate = Math.min(ofNetwork, ofOnePlace * pace.limit());
            clock.addAndGet((long) (1e9 * 1_000_000 / rate));
            pace.carried(1_000_000);
            pace.leave();
        }
    }

    @Test
    void growsAsLongAsMoreIsCarried() throws Exception {
        var pace = new Pace(16, clock::get);
        assertThat(pace.limit()).isEqualTo(4);
        transfer(pace, 500, 1e6, 1e9);
        assertThat(pace.limit()).isEqualTo(16);
    }

    @Test
    void staysNearWhatANarrowNetworkCarries() throws Exception {
        var pace = new Pace(16, clock::get);
        transfer(pace, 2000, 1e6, 6e6);
        assertThat(pace.limit()).isBetween(6, 7);
    }

    @Test
    void halvesOnceWhenSeveralFailTogether() throws Exception {
        var pace = new Pace(16, clock::get);
        transfer(pace, 500, 1e6, 1e9);
        pace.failed();
        pace.failed();
        pace.failed();
        assertThat(pace.limit()).isEqualTo(8);
        transfer(pace, 500, 1e6, 1e9);
        assertThat(pace.limit()).isEqualTo(16);
    }

    @Test
    void neverLessThanOne() throws Exception {
        var pace = new Pace(2, clock::get);
        for (int n = 0; n < 10; n++) {
            transfer(pace, 1, 1e6, 1e6);
            pace.failed();
        }
        assertThat(pace.limit()).isEqualTo(1);
        transfer(pace, 3, 1e6, 1e6);
    }
}
