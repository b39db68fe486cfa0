package io.tiphys.artifactgc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final Lane lane = new Lane();
    private final List<List<String>> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch mayAnswer = new CountDownLatch(1);

    /** A store that answers when it may, and has one bad key. */
    private Map<String, StoreException> delete(Collection<String> keys) {
        requests.add(List.copyOf(keys));
        try {
            mayAnswer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return keys.contains("bad") ? Map.of("bad", new StoreException(Kind.REFUSED, "no")) : Map.of();
    }

    /** The reasons that one caller hears. */
    private List<String> remove(List<String> keys) {
        List<String> refused = new CopyOnWriteArrayList<>();
        try (Lane.Part part = lane.part()) {
            keys.forEach(key -> part.add(this::delete, key, why -> refused.add(key + ": " + why.getMessage())));
        }
        return refused;
    }

    @Test
    void whoComesWhileAllRequestsAreUnderWayGoesTogetherInTheNext() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<String>>> first = new ArrayList<>();
            for (int n = 1; n <= 4; n++) {
                List<String> key = List.of("first-" + n);
                first.add(callers.submit(() -> remove(key)));
                int under = n;
                await().until(() -> requests.size() == under);
            }
            Future<List<String>> one = callers.submit(() -> remove(List.of("a", "b")));
            await().until(() -> lane.waiting() == 1);
            Future<List<String>> other = callers.submit(() -> remove(List.of("bad", "c")));
            await().until(() -> lane.waiting() == 2);
            mayAnswer.countDown();

            assertThat(one.get()).isEmpty();
            assertThat(other.get()).containsExactly("bad: no");
            for (Future<List<String>> caller : first) {
                assertThat(caller.get()).isEmpty();
            }
        }
        assertThat(requests).hasSize(5);
        assertThat(requests.getLast()).containsExactly("a", "b", "bad", "c");
    }

    @Test
    void aRequestHasAThousandKeysAtMost() {
        mayAnswer.countDown();

        remove(IntStream.range(0, 2500).mapToObj(Integer::toString).toList());

        assertThat(requests).extracting(List::size).containsExactlyInAnyOrder(1000, 1000, 500);
        assertThat(requests.stream().flatMap(List::stream))
                .doesNotHaveDuplicates()
                .hasSize(2500);
    }

    @Test
    void allHearOfARequestThatFailsAsAWhole() {
        List<String> refused = new CopyOnWriteArrayList<>();
        try (Lane.Part part = lane.part()) {
            for (String key : List.of("a", "b")) {
                part.add(
                        _ -> {
                            throw new StoreException(Kind.UNAVAILABLE, "away");
                        },
                        key,
                        why -> refused.add(key + ": " + why.getMessage()));
            }
        }
        assertThat(refused).containsExactly("a: away", "b: away");
    }

    @Test
    void whatBreaksOffIsNotTakenForDone() {
        Lane.Part part = lane.part();
        part.add(
                _ -> {
                    throw new IllegalStateException("a bug");
                },
                "a",
                _ -> {});

        assertThatThrownBy(part::close).hasMessageContaining("broke off").hasRootCauseMessage("a bug");
    }
}
