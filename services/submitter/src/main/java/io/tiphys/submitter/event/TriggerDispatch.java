package io.tiphys.submitter.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.messages.Trigger;
import io.tiphys.submitter.event.TriggerEnvironment.BadExpression;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.kube.ArgoObjects.Selection;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.workflow.LargeSpecs;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Does what the WorkflowEventBindings of an event's namespace want of it. A binding that fails doesn't keep the others from theirs; it
 * gets a Kubernetes Event. Doing an event again does nothing new.
 */
@ApplicationScoped
public class TriggerDispatch {
    private static final Logger LOG = Logger.getLogger(TriggerDispatch.class);
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final ArgoObjects objects;
    private final LargeSpecs large;
    private final KubernetesClient client;

    public TriggerDispatch(ArgoObjects objects, LargeSpecs large, KubernetesClient client) {
        this.objects = objects.ofServer();
        this.large = large;
        this.client = client;
    }

    /** What went wrong, binding by binding; empty if all went well. */
    public List<String> dispatch(Trigger trigger) throws InterruptedException {
        List<ObjectNode> bindings = new ArrayList<>();
        objects.forEach(ArgoKind.WORKFLOW_EVENT_BINDING, trigger.namespace(), Selection.ALL, bindings::add);
        TriggerEnvironment environment = new TriggerEnvironment(trigger);
        List<String> failures = new ArrayList<>();
        for (ObjectNode binding : bindings) {
            try {
                submit(binding, trigger, environment);
            } catch (BadExpression | KubernetesClientException | ApiException e) {
                String message = String.valueOf(e.getMessage());
                failures.add(message);
                LOG.warnf(
                        "event %s can't be dispatched to WorkflowEventBinding %s/%s: %s",
                        trigger.id(), trigger.namespace(), name(binding), message);
                warn(binding, trigger, message);
            }
        }
        return failures;
    }

    private void submit(ObjectNode binding, Trigger trigger, TriggerEnvironment environment)
            throws BadExpression, InterruptedException {
        try {
            if (!environment.matches(
                    binding.path("spec").path("event").path("selector").asText(""))) {
                return;
            }
        } catch (BadExpression e) {
            throw new BadExpression("failed to evaluate workflow template expression: " + e.getMessage());
        }
        JsonNode submit = binding.path("spec").path("submit");
        if (!submit.isObject()) {
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                JsonNode template = template(submit.path("workflowTemplateRef"), trigger.namespace());
                create(BoundWorkflow.of(binding, template, trigger, environment), trigger);
                return;
            } catch (KubernetesClientException e) {
                boolean isTransient = e.getCode() <= 0 || e.getCode() == 429 || e.getCode() >= 500;
                if (!isTransient || attempt == ATTEMPTS) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(FIRST_PAUSE.toMillis() << (attempt - 1));
            }
        }
    }

    private JsonNode template(JsonNode ref, String namespace) {
        ArgoKind kind = ref.path("clusterScope").asBoolean(false)
                ? ArgoKind.CLUSTER_WORKFLOW_TEMPLATE
                : ArgoKind.WORKFLOW_TEMPLATE;
        try {
            return objects.get(kind, namespace, ref.path("name").asText());
        } catch (ApiException e) {
            throw new ApiException(e.code(), "failed to get workflow template: " + e.getMessage(), e);
        }
    }

    private void create(ObjectNode workflow, Trigger trigger) {
        try {
            objects.create(ArgoKind.WORKFLOW, trigger.namespace(), large.stored(trigger.namespace(), workflow), false);
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409 || !isOwn(workflow, trigger)) {
                throw e;
            }
        }
    }

    /** Whether the workflow of this name was made for the same event before. */
    private boolean isOwn(ObjectNode workflow, Trigger trigger) {
        return objects.find(ArgoKind.WORKFLOW, trigger.namespace(), name(workflow))
                .map(existing -> existing.path("metadata").path("annotations"))
                .filter(annotations -> trigger.id()
                        .equals(annotations.path(BoundWorkflow.ANNOTATION_EVENT).asText()))
                .isPresent();
    }

    private void warn(JsonNode binding, Trigger trigger, String message) {
        String now = Instant.now().toString();
        try {
            client.v1()
                    .events()
                    .inNamespace(trigger.namespace())
                    .resource(new EventBuilder()
                            .withNewMetadata()
                            .withGenerateName(name(binding) + ".")
                            .withNamespace(trigger.namespace())
                            .endMetadata()
                            .withNewInvolvedObject()
                            .withApiVersion(ArgoKind.API_VERSION)
                            .withKind(ArgoKind.WORKFLOW_EVENT_BINDING.kind())
                            .withName(name(binding))
                            .withNamespace(trigger.namespace())
                            .withUid(binding.path("metadata").path("uid").asText())
                            .endInvolvedObject()
                            .withType("Warning")
                            .withReason("WorkflowEventBindingError")
                            .withMessage("failed to dispatch event: " + message)
                            .withNewSource("tiphys-submitter", null)
                            .withCount(1)
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            LOG.warnf("the failed event could not be noted in Kubernetes: %s", e.getMessage());
        }
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asText();
    }
}
