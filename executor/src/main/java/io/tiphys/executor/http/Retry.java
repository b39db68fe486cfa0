package io.tiphys.executor.http;

import io.tiphys.executor.Log;
import io.tiphys.executor.emissary.EmissaryGoneException;
import io.tiphys.executor.http.ObjectClient.UrlRefusedException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Repeats what failed for a passing reason, with growing pauses, until a time is over. Not repeated: {@link PermanentException}, an
 * unreadable file, a container that is gone.
 *
 * @param giveUpAfter counted from the first attempt
 * @param deadline no new attempt after it (the pod is killed then)
 */
public record Retry(Duration giveUpAfter, Instant deadline) {
    private static final long FIRST_PAUSE_MILLIS = 200;
    private static final long LONGEST_PAUSE_MILLIS = 10_000;

    /** A URL that was refused may have been too old; when fresh ones are refused, too, it is a matter of rights or of clocks. */
    private static final int REFUSED_URLS = 3;

    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException;
    }

    /** The first result that isn't a passing failure; otherwise the last failure, with how often was tried. */
    public <T> T run(String what, Attempt<T> attempt) throws IOException {
        var started = Instant.now();
        int refused = 0;
        for (int n = 1; ; n++) {
            try {
                return attempt.run();
            } catch (PermanentException | FileSystemException | EmissaryGoneException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                refused = e instanceof UrlRefusedException ? refused + 1 : 0;
                if (refused == REFUSED_URLS) {
                    throw new PermanentException(
                            what + ": " + reason(e) + " (asked with " + refused + " URLs that had just been signed)",
                            e);
                }
                var pause = pause(n);
                var next = Instant.now().plus(pause);
                if (next.isAfter(started.plus(giveUpAfter)) || next.isAfter(deadline)) {
                    throw new PermanentException(what + " failed " + n + " times: " + reason(e), e);
                }
                Log.warn(what + " failed (attempt " + n + "), trying again in " + pause.toMillis() + " ms: "
                        + reason(e));
                sleep(pause);
            }
        }
    }

    private static Duration pause(int attempt) {
        long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempt - 1, 10));
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    private static void sleep(Duration pause) throws InterruptedIOException {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to try again");
        }
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
