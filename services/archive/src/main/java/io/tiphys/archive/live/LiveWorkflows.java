package io.tiphys.archive.live;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Marks live Workflows as archived, which is what lets them be deleted after their time to live. */
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

    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final KubernetesClient client;

    public LiveWorkflows(KubernetesClient client) {
        this.client = client;
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

    private void patch(String namespace, String name, String uid) {
        client.genericKubernetesResources(WORKFLOWS)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
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
