package io.tiphys.archive.live;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tiphys.api.LargeSpec;
import io.tiphys.api.PackedJson;
import io.tiphys.cluster.ClusterClients;
import io.tiphys.cluster.RawRequests;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * The Workflows in the Kubernetes API: marked as archived, which is what lets them be deleted after their time to live, and asked what
 * they refer to.
 */
@ApplicationScoped
public class LiveWorkflows {
    private static final Logger LOG = Logger.getLogger(LiveWorkflows.class);
    private static final ResourceDefinitionContext WORKFLOWS = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("Workflow")
            .withPlural("workflows")
            .withNamespaced(true)
            .build();

    private static final long PAGE = 250;
    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final KubernetesClient client;
    private final RawRequests requests;

    public LiveWorkflows(KubernetesClient client) {
        this.client = ClusterClients.quick(client);
        this.requests = new RawRequests(this.client);
    }

    /**
     * Does nothing if the workflow has gone or another one has its name now. What fails is repeated a few times and then only
     * logged: the workflow is in the archive, and a later event of it marks it again.
     */
    public void markArchived(String namespace, String name, String uid) {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                patch(namespace, name, uid);
                return;
            } catch (KubernetesClientException e) {
                if (e.getCode() == 404 || e.getCode() == 409) {
                    LOG.debugf("workflow %s/%s is no longer live", namespace, name);
                    return;
                }
                if (attempt == ATTEMPTS || !slept(pause)) {
                    LOG.warnf(
                            "workflow %s/%s is archived but could not be marked so: %s",
                            namespace, name, e.getMessage());
                    return;
                }
                pause = pause.multipliedBy(3);
            }
        }
    }

    /** {@code namespace/hash} of everything that a live workflow refers to by hash. */
    public Set<String> references() {
        Set<String> references = new HashSet<>();
        String next = null;
        do {
            ListOptionsBuilder options = new ListOptionsBuilder()
                    .withLabelSelector(LargeSpec.LABEL + "=true")
                    .withLimit(PAGE);
            if (next != null) {
                options.withContinue(next);
            }
            var page = client.genericKubernetesResources(WORKFLOWS)
                    .inAnyNamespace()
                    .list(options.build());
            for (GenericKubernetesResource workflow : page.getItems()) {
                String namespace = workflow.getMetadata().getNamespace();
                workflow.getMetadata().getAnnotations().values().stream()
                        .flatMap(value -> PackedJson.hashIn(value).stream())
                        .forEach(hash -> references.add(namespace + "/" + hash));
            }
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return references;
    }

    private void patch(String namespace, String name, String uid) {
        requests.patch(RawRequests.workflowPath(namespace, name), RawRequests.MERGE_PATCH, """
                        {"metadata":{"uid":"%s","labels":{"workflows.argoproj.io/workflow-archiving-status":"Archived"}}}""".formatted(uid));
    }

    private static boolean slept(Duration pause) {
        try {
            TimeUnit.MILLISECONDS.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
