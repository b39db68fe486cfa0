package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ArgoResource;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kubernetes Events about workflows, for {@code kubectl describe} and those who watch events. Best effort. */
public final class KubeEvents {
    private static final Logger LOG = LoggerFactory.getLogger(KubeEvents.class);

    private final KubernetesClient client;
    private final ApiCalls calls;

    public KubeEvents(KubernetesClient client, ApiCalls calls) {
        this.client = client;
        this.calls = calls;
    }

    /**
     * Writes an event about a workflow.
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
        Event event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(shortened(name) + ".")
                .withNamespace(namespace)
                .withAnnotations(Map.of())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(ArgoResource.API_VERSION)
                .withKind(kind)
                .withNamespace(namespace)
                .withName(name)
                .withUid(uid)
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(at.toString())
                .withLastTimestamp(at.toString())
                .withCount(1)
                .withNewSource()
                .withComponent("tiphys-controller")
                .endSource()
                .build();
        try {
            calls.call(
                    "create event",
                    () -> client.v1()
                            .events()
                            .inNamespace(namespace)
                            .resource(event)
                            .create());
        } catch (KubernetesClientException e) {
            LOG.debug("event {} about {}/{} was not written: {}", reason, namespace, name, ApiFailure.reason(e));
        }
    }

    private static String shortened(String name) {
        return name.length() > 240 ? name.substring(0, 240) : name;
    }
}
