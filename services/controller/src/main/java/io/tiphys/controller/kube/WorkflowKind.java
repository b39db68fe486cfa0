package io.tiphys.controller.kube;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;

/** The kind Workflow as the API server has it. */
public final class WorkflowKind {
    private static final String API_VERSION = "argoproj.io/v1alpha1";

    private WorkflowKind() {}

    /** Thrown when somebody has to apply the CRD anew. */
    public static final class OutdatedException extends RuntimeException {
        OutdatedException(String message) {
            super(message);
        }
    }

    /**
     * Makes sure that a status can be written with the object's labels in one request, as Argo's own CRD allows. With a status
     * subresource the API server would leave the status out and answer that all is well. Found by discovery, which everybody may read.
     *
     * @throws OutdatedException if the CRD has the subresource
     */
    public static void check(KubernetesClient client) {
        APIResourceList served = client.getApiResources(API_VERSION);
        boolean hasStatus = served != null
                && served.getResources().stream()
                        .anyMatch(resource -> resource.getName().equals("workflows/status"));
        if (hasStatus) {
            throw new OutdatedException(
                    "the CRD workflows.argoproj.io of this cluster has the status subresource, with which no"
                            + " status could be written; apply that of this version: kubectl apply -k k8s/base/crds");
        }
    }
}
