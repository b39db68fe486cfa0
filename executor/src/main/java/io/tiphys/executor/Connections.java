package io.tiphys.executor;

import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.PodTask;
import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** How the executor reaches the uploader and object storage, and how long it tries. */
record Connections(Retry retry, ObjectClient objects, UploaderClient uploader) {
    private static final Duration BEFORE_DEADLINE = Duration.ofSeconds(5);

    static Connections of(PodTask task, ExecutorSettings settings) {
        var retry = new Retry(settings.giveUpAfter(), deadline(task));
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor());
        if ("http".equalsIgnoreCase(settings.uploader().getScheme())) {
            http.sslContext(trustingNobody());
        }
        return new Connections(
                retry,
                new ObjectClient(),
                new UploaderClient(http.build(), settings.uploader(), settings.capability(), retry));
    }

    /**
     * For an uploader without TLS: unless it is given a context, the client reads all certificates of the Java runtime when it is made,
     * which takes as long as all the rest of the start.
     */
    private static SSLContext trustingNobody() {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[0], null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime has no TLS", e);
        }
    }

    private static Instant deadline(PodTask task) {
        var deadline = task.deadline();
        return deadline == null ? Instant.MAX : Instant.ofEpochSecond(deadline).minus(BEFORE_DEADLINE);
    }
}
