package io.tiphys.controller.kube;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.Counter;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArgoResource;
import io.tiphys.cluster.RawRequests;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes Events about workflows, for {@code kubectl describe} and those who watch events. Best effort. */
public final class KubeEvents {
    private static final String WARNING = "Warning";
    private static final Logger LOG = LoggerFactory.getLogger(KubeEvents.class);

    private final RawRequests requests;
    private final ApiCalls calls;
    private final EventRate rate = new EventRate();
    private final Counter dropped;

    public KubeEvents(KubernetesClient client, ApiCalls calls) {
        this.dropped = calls.metrics().counter("tiphys.events.dropped");
        this.requests = new RawRequests(client);
        this.calls = calls;
    }

    /** What an event is about. */
    public record Subject(String apiVersion, String kind, String namespace, String name, String uid) {
        public static Subject of(WorkflowRef workflow) {
            return new Subject(
                    ArgoResource.API_VERSION, "Workflow", workflow.namespace(), workflow.name(), workflow.uid());
        }
    }

    /**
     * An event that is to be written.
     *
     * @param type {@code Normal} or {@code Warning}
     * @param reason such as {@code WorkflowNodeRunning}
     */
    public record Note(
            Subject subject, String type, String reason, String message, Map<String, String> annotations, Instant at) {}

    /** Whether there is room for one more event about a node. One that there is room for is to be written, with {@link #write}. */
    public boolean hasRoom(Instant now) {
        boolean hasRoom = rate.tryTakeForNode(now);
        if (!hasRoom) {
            dropped.increment();
        }
        return hasRoom;
    }

    /**
     * Writes an event about a workflow, unless nothing is wrong and there have been too many lately.
     *
     * @param type {@code Normal} or {@code Warning}
     * @param reason such as {@code WorkflowSucceeded}
     */
    public void publish(WorkflowRef workflow, String type, String reason, String message, Instant at)
            throws InterruptedException {
        publish("Workflow", workflow.namespace(), workflow.name(), workflow.uid(), type, reason, message, at);
    }

    /** The same about any object of Argo's kinds. */
    public void publish(
            String kind,
            String namespace,
            String name,
            String uid,
            String type,
            String reason,
            String message,
            Instant at)
            throws InterruptedException {
        if (!rate.tryTake(at) && !type.equals(WARNING)) {
            dropped.increment();
            return;
        }
        write(new Note(
                new Subject(ArgoResource.API_VERSION, kind, namespace, name, uid),
                type,
                reason,
                message,
                Map.of(),
                at));
    }

    /**
     * Writes an event; one that can't be written is left out. Blocks until it is written: a warning is as urgent as any work, but all
     * others may wait long for their turn, so nothing that is urgent should wait for them.
     */
    public void write(Note note) throws InterruptedException {
        Subject subject = note.subject();
        String namespace = subject.namespace();
        String at = note.at().toString();
        Event event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(shortened(subject.name()) + ".")
                .withNamespace(namespace)
                .withAnnotations(note.annotations())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(subject.apiVersion())
                .withKind(subject.kind())
                .withNamespace(namespace)
                .withName(subject.name())
                .withUid(subject.uid())
                .endInvolvedObject()
                .withType(note.type())
                .withReason(note.reason())
                .withMessage(shortMessage(note.message()))
                .withFirstTimestamp(at)
                .withLastTimestamp(at)
                .withCount(1)
                .withNewSource()
                .withComponent("tiphys-controller")
                .endSource()
                .build();
        try {
            byte[] object = ApiJson.mapper().writeValueAsBytes(event);
            calls.call(
                    note.type().equals(WARNING) ? Demand.work(namespace, 0) : Demand.tidying(namespace),
                    "create event",
                    () -> requests.create(RawRequests.eventsPath(namespace), object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event can't be written as JSON", e);
        } catch (KubernetesClientException e) {
            LOG.debug(
                    "event {} about {}/{} was not written: {}",
                    note.reason(),
                    namespace,
                    subject.name(),
                    ApiFailure.reason(e));
        }
    }

    /** The API server takes 1024 characters. */
    private static String shortMessage(String message) {
        return message.length() > 1024 ? message.substring(0, 1024) : message;
    }

    private static String shortened(String name) {
        return name.length() > 240 ? name.substring(0, 240) : name;
    }
}
