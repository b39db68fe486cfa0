package io.tiphys.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.http.AsyncBody;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class WatchConnectionTest {
    /** What the client makes of an answer, which goes on as long as the test wants. */
    private static final class Body implements AsyncBody {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        boolean isCancelled;

        @Override
        public void consume() {
            // there is nothing
        }

        @Override
        public CompletableFuture<Void> done() {
            return done;
        }

        @Override
        public void cancel() {
            isCancelled = true;
        }
    }

    private final Body body = new Body();
    private final WatchConnection connection = new WatchConnection((_, _, _) -> {});

    @Test
    void oneThatGoesOnIsBrokenOff() {
        connection.opened(body);

        connection.close();

        assertThat(body.isCancelled).isTrue();
    }

    /** The client's pool has given its connection to another request by then, which would be broken off. */
    @Test
    void oneThatHasEndedIsLeftAlone() {
        connection.opened(body);
        body.done.complete(null);

        connection.close();

        assertThat(body.isCancelled).isFalse();
    }
}
