package io.tiphys.controller.cron;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ClusterWorkflowTemplate;
import io.tiphys.api.CronWorkflow;
import io.tiphys.api.CronWorkflowStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowTemplate;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What starting workflows on schedules asks of the API server. */
final class CronApi {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final UnaryOperator<WorkflowSpec> defaults;

    /**
     * Over this client.
     *
     * @param defaults gives a workflow's spec what the operator's defaults add to it
     */
    CronApi(KubernetesClient client, ApiCalls calls, UnaryOperator<WorkflowSpec> defaults) {
        this.client = client;
        this.calls = calls;
        this.defaults = defaults;
    }

    /** The workflows that the cron workflow started and that are there still. */
    List<Child> children(CronWorkflow cron) throws InterruptedException {
        return calls
                .call(
                        "list workflows",
                        () -> client.resources(Workflow.class)
                                .inNamespace(cron.getMetadata().getNamespace())
                                .withLabel(
                                        ChildWorkflow.LABEL_CRON,
                                        cron.getMetadata().getName())
                                .list())
                .getItems()
                .stream()
                .filter(workflow -> Child.isOf(cron, workflow))
                .map(Child::of)
                .toList();
    }

    /** What is wrong with the cron workflow now, with the templates that there are now; empty if nothing is. */
    Optional<String> problem(CronWorkflow cron) throws InterruptedException {
        WorkflowSpec own = cron.getSpec().workflowSpec();
        CronWorkflow whole = own == null ? cron : cron.withSpec(cron.getSpec().withWorkflowSpec(defaults.apply(own)));
        ValidationResult result =
                calls.call("get templates of cron workflow", () -> Validator.validate(whole, new Templates()));
        return result.ok() ? Optional.empty() : Optional.of(result.message());
    }

    /**
     * Sets annotations and labels, unless somebody has changed the object since it was seen.
     *
     * @return the object afterwards, empty if it was changed or deleted
     */
    Optional<CronWorkflow> annotate(CronWorkflow cron, Map<String, String> annotations, Map<String, String> labels)
            throws InterruptedException {
        ObjectMeta seen = cron.getMetadata();
        String patch = ApiJson.mapper()
                .valueToTree(Map.of(
                        "metadata",
                        Map.of(
                                "resourceVersion",
                                seen.getResourceVersion(),
                                "annotations",
                                annotations,
                                "labels",
                                labels)))
                .toString();
        return unlessOutdated(() ->
                calls.call("patch cron workflow", () -> client.resource(cron).patch(MERGE, patch)));
    }

    /** Writes the status, unless somebody has changed the object since it was seen; empty if so. */
    Optional<CronWorkflow> write(CronWorkflow cron, CronWorkflowStatus status) throws InterruptedException {
        return unlessOutdated(() -> calls.call(
                "write cron workflow status",
                () -> client.resource(cron.withStatus(status)).updateStatus()));
    }

    /**
     * Creates the workflow; one that is there already under this name is as good.
     *
     * @throws KubernetesClientException if the API server refuses it
     */
    Workflow create(Workflow workflow) throws InterruptedException {
        var resource = client.resources(Workflow.class)
                .inNamespace(workflow.getMetadata().getNamespace())
                .resource(workflow);
        try {
            return calls.call("create workflow", resource::create);
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.ALREADY_EXISTS) {
                throw e;
            }
            Workflow present = calls.call("get workflow", resource::get);
            if (present == null) {
                throw e;
            }
            return present;
        }
    }

    void terminate(Child child) throws InterruptedException {
        unlessGone(() -> calls.call(
                "terminate workflow",
                () -> client.resources(Workflow.class)
                        .inNamespace(child.reference().getNamespace())
                        .withName(child.name())
                        .patch(MERGE, "{\"spec\":{\"shutdown\":\"Terminate\"}}")));
    }

    void delete(Child child) throws InterruptedException {
        unlessGone(() -> calls.call(
                "delete workflow",
                () -> client.resources(Workflow.class)
                        .inNamespace(child.reference().getNamespace())
                        .withName(child.name())
                        .delete()));
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws InterruptedException;
    }

    private static Optional<CronWorkflow> unlessOutdated(Request<CronWorkflow> request) throws InterruptedException {
        try {
            return Optional.ofNullable(request.send());
        } catch (KubernetesClientException e) {
            return switch (ApiFailure.of(e)) {
                case CONFLICT, NOT_FOUND -> Optional.empty();
                case TRANSIENT, QUOTA, ALREADY_EXISTS, PERMANENT -> throw e;
            };
        }
    }

    private static <T> void unlessGone(Request<T> request) throws InterruptedException {
        try {
            request.send();
        } catch (KubernetesClientException e) {
            if (ApiFailure.of(e) != ApiFailure.NOT_FOUND) {
                throw e;
            }
        }
    }

    private final class Templates implements TemplateLookup {
        @Override
        public @Nullable WorkflowTemplate workflowTemplate(String namespace, String name) {
            return client.resources(WorkflowTemplate.class)
                    .inNamespace(namespace)
                    .withName(name)
                    .get();
        }

        @Override
        public @Nullable ClusterWorkflowTemplate clusterWorkflowTemplate(String name) {
            return client.resources(ClusterWorkflowTemplate.class)
                    .withName(name)
                    .get();
        }
    }
}
