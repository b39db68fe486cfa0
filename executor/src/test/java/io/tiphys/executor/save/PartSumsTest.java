package io.tiphys.executor.save;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Parts of one byte, of which eight are summed at once. */
class PartSumsTest {
    private static final int COUNT = 20;

    private final BlockingQueue<Long> summed = new LinkedBlockingQueue<>();
    private final CountDownLatch letGo = new CountDownLatch(1);
    private final AtomicBoolean isUnreadable = new AtomicBoolean();

    @Test
    void whileSomePartsAreSentTheNextAreSummed() throws Exception {
        letGo.countDown();
        try (var sums = new PartSums(source(), 1, COUNT)) {
            assertThat(sums.of(2)).isEqualTo(Sums.of(new byte[] {1}, 1));
            assertThat(List.of(nextSummed(), nextSummed())).containsExactly(0L, 8L);

            assertThat(sums.of(9)).isEqualTo(Sums.of(new byte[] {8}, 1));
            assertThat(nextSummed()).isEqualTo(16);
            assertThat(sums.of(COUNT)).isEqualTo(Sums.of(new byte[] {COUNT - 1}, 1));
        }
        assertThat(summed).isEmpty(); // each once, and none that isn't there
    }

    @Test
    void aFailureIsToldOnceAndTriedAgain() throws Exception {
        letGo.countDown();
        isUnreadable.set(true);
        try (var sums = new PartSums(source(), 1, COUNT)) {
            assertThatThrownBy(() -> sums.of(1)).isInstanceOf(IOException.class).hasMessage("unreadable");
            assertThat(sums.of(1)).isEqualTo(Sums.of(new byte[] {0}, 1));
        }
    }

    @Test
    void nothingIsReadAnyMoreOnceItIsClosed() throws Exception {
        var sums = new PartSums(source(), 1, COUNT);
        var asking = new FutureTask<>(() -> sums.of(1));
        Thread.ofVirtual().start(asking);
        assertThat(nextSummed()).isZero();
        sums.close();
        assertThatThrownBy(asking::get).hasRootCauseInstanceOf(InterruptedException.class);
        assertThat(letGo.getCount()).isEqualTo(1);
    }

    private long nextSummed() throws InterruptedException {
        var offset = summed.poll(1, TimeUnit.MINUTES);
        assertThat(offset).isNotNull();
        return offset;
    }

    private Source source() {
        return new Source() {
            @Override
            public long sizeBytes() {
                return COUNT;
            }

            @Override
            public String fingerprint() {
                return "";
            }

            @Override
            public InputStream open(long offset, long length) {
                return new ByteArrayInputStream(new byte[] {(byte) offset});
            }

            @Override
            public Sums sums(long offset, long length) throws IOException {
                return Sums.of(open(offset, length));
            }

            @Override
            public List<Sums> sums(long offset, long length, long partBytes) throws IOException {
                summed.add(offset);
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
                if (isUnreadable.getAndSet(false)) {
                    throw new IOException("unreadable");
                }
                return Source.super.sums(offset, length, partBytes);
            }
        };
    }
}
