package io.tiphys.artifactgc.reconcile;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.Workflow;
import io.tiphys.cluster.RawRequests;
import java.util.function.Consumer;

/**
 * All workflows as they are, page by page. A workflow may have a megabyte or a kilobyte: how many make a page goes by the page before, so
 * that one takes some megabytes. Of these one workflow at a time is read.
 */
final class WorkflowPages {
    private static final String LIST = "/apis/argoproj.io/v1alpha1/workflows?limit=";
    private static final int FIRST = 10;

    /** However small the last ones were: the next may all be as large as etcd lets them be, and have to fit into a small heap. */
    private static final int MOST = 50;

    private static final long BYTES = 8L << 20;

    private final RawRequests requests;

    WorkflowPages(RawRequests requests) {
        this.requests = requests;
    }

    /** @throws KubernetesClientException if the API server refuses or can't be reached */
    void forEach(Consumer<Workflow> visitor) {
        int limit = FIRST;
        String from = "";
        do {
            byte[] page = requests.get(LIST + limit + (from.isEmpty() ? "" : "&continue=" + RawRequests.encoded(from)));
            from = ListPage.read(page, item -> visitor.accept(ApiJson.mapper().readValue(item, Workflow.class)));
            limit = limitAfter(limit, page.length);
        } while (!from.isEmpty());
    }

    /** How many make the next page. */
    static int limitAfter(int limit, int bytes) {
        long perWorkflow = Math.max(1, bytes / limit);
        return Math.clamp(BYTES / perWorkflow, 1, MOST);
    }
}
