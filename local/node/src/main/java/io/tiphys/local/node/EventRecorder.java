package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes Kubernetes Events behind everybody's back, one after the other. When more happens than the API server should be bothered with,
 * ordinary events are left out; warnings stay while there is room.
 */
final class EventRecorder implements AutoCloseable {
    private static final int CAPACITY = 1000;
    private static final int CROWDED = 50;

    private final KubernetesClient client;
    private final String nodeName;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(CAPACITY);
    private final AtomicLong sequence = new AtomicLong(System.nanoTime());
    private final Thread writer;

    EventRecorder(KubernetesClient client, String nodeName) {
        this.client = client;
        this.nodeName = nodeName;
        this.writer = Thread.ofVirtual().name("events").start(this::writeAll);
    }

    void record(Pod pod, String type, String reason, String message) {
        if (type.equals("Normal") && queue.size() > CROWDED) {
            return;
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Event event = new EventBuilder()
                .withNewMetadata()
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName() + "." + Long.toHexString(sequence.incrementAndGet()))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion("v1")
                .withKind("Pod")
                .withNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .withUid(pod.getMetadata().getUid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message.length() > 1000 ? message.substring(0, 1000) : message)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent("tiphys-node")
                .withHost(nodeName)
                .endSource()
                .withReportingComponent("tiphys-node")
                .withReportingInstance(nodeName)
                .build();
        queue.offer(event);
    }

    private void writeAll() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Event event = queue.take();
                try {
                    client.v1()
                            .events()
                            .inNamespace(event.getMetadata().getNamespace())
                            .resource(event)
                            .create();
                } catch (RuntimeException e) {
                    // An event that can't be written is not worth more than this try.
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        writer.interrupt();
    }
}
