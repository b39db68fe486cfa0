package io.tiphys.controller.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class CommitTest {
    private static final int MANY = Commit.KEPT_RECORDS + 1;

    private final AtomicInteger made = new AtomicInteger();

    @Test
    void recordsOfALargeCommitAreMadeWhenTheyAreAskedForAndForgotten() {
        List<Supplier<ProducerRecord<String, byte[]>>> records = of(MANY);

        assertThat(made).hasValue(0);
        ProducerRecord<String, byte[]> first = records.getFirst().get();
        assertThat(records.getFirst().get()).isNotSameAs(first);
        assertThat(made).hasValue(2);
    }

    @Test
    void recordsOfASmallCommitAreMadeOnce() {
        List<Supplier<ProducerRecord<String, byte[]>>> records = of(Commit.KEPT_RECORDS);

        assertThat(records.getFirst().get()).isSameAs(records.getFirst().get());
        assertThat(made).hasValue(Commit.KEPT_RECORDS);
    }

    @Test
    void theLastRecordEndsTheCommitHoweverOftenItIsAskedFor() {
        for (int size : new int[] {2, Commit.KEPT_RECORDS, MANY}) {
            List<Supplier<ProducerRecord<String, byte[]>>> records = of(size);
            for (int asked = 0; asked < 2; asked++) {
                List<CommitMark> marks = records.stream()
                        .map(record -> CommitMark.of(record.get().headers()))
                        .toList();
                assertThat(marks.subList(0, size - 1)).containsOnly(new CommitMark(7, false));
                assertThat(marks.getLast()).isEqualTo(new CommitMark(7, true));
                assertThat(records.getLast().get().headers().headers("tiphys_commit"))
                        .hasSize(1);
            }
        }
    }

    @Test
    void aSingleRecordIsACommitOfItsOwn() {
        assertThat(CommitMark.of(of(1).getFirst().get().headers())).isNull();
    }

    private List<Supplier<ProducerRecord<String, byte[]>>> of(int size) {
        Commit commit = new Commit(7);
        IntStream.range(0, size)
                .forEach(i -> commit.add(() -> {
                    made.incrementAndGet();
                    return new ProducerRecord<>("journal", 0, "uid/" + i, null);
                }));
        return commit.records();
    }
}
