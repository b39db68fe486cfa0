package io.tiphys.executor.agent;

import io.tiphys.executor.Log;
import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Hands results on, as many in one request as have come together meanwhile. */
final class Reporter {
    private static final int MOST_AT_ONCE = 100;
    private static final int MOST_CHARS_AT_ONCE = 2 * 1024 * 1024;

    private final AgentUploader uploader;
    private final @Nullable String podUid;
    private final BlockingQueue<AgentWork.Result> queue = new LinkedBlockingQueue<>();

    Reporter(AgentUploader uploader, @Nullable String podUid) {
        this.uploader = uploader;
        this.podUid = podUid;
    }

    void report(AgentWork.Result result) {
        queue.add(result);
    }

    /**
     * Sends until it is interrupted.
     *
     * @throws IOException when the uploader stays away for too long or refuses
     */
    void run() throws IOException, InterruptedException {
        while (true) {
            List<AgentWork.Result> batch = new ArrayList<>();
            AgentWork.Result next = queue.take();
            int size = 0;
            while (next != null) {
                batch.add(next);
                size += size(next);
                next = batch.size() < MOST_AT_ONCE && size < MOST_CHARS_AT_ONCE ? queue.poll() : null;
            }
            uploader.report(new AgentWork.Results(podUid, batch));
            batch.forEach(result -> Log.info("node " + result.nodeId() + " " + result.phase()));
        }
    }

    private static int size(AgentWork.Result result) {
        return result.outputs() != null && result.outputs().get("result") instanceof String text ? text.length() : 0;
    }
}
