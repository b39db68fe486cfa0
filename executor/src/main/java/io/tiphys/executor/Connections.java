package io.tiphys.executor;

import io.tiphys.executor.http.ObjectClient;
import io.tiphys.executor.http.Retry;
import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.PodTask;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;

/** How the executor reaches the uploader and object storage, and how long it tries. */
record Connections(Retry retry, ObjectClient objects, UploaderClient uploader) {
    private static final Duration BEFORE_DEADLINE = Duration.ofSeconds(5);

    static Connections of(PodTask task, ExecutorSettings settings) {
        var retry = new Retry(settings.giveUpAfter(), deadline(task));
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
        return new Connections(
                retry, new ObjectClient(), new UploaderClient(http, settings.uploader(), settings.capability(), retry));
    }

    private static Instant deadline(PodTask task) {
        var deadline = task.deadline();
        return deadline == null ? Instant.MAX : Instant.ofEpochSecond(deadline).minus(BEFORE_DEADLINE);
    }
}
