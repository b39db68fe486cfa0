package io.tiphys.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Takes away what a benchmark made and waits until it is gone, so that the next one finds an empty cluster. */
final class Cleaning {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long PAUSE_MILLIS = 200;

    private Cleaning() {}

    static void pods(KubernetesClient client, String namespace, String selector, long limitSeconds)
            throws InterruptedException {
        all(client, "/api/v1/namespaces/" + namespace + "/pods", selector, limitSeconds);
    }

    static void workflows(KubernetesClient client, String namespace, String run, long limitSeconds)
            throws InterruptedException {
        all(client, Submission.path(namespace), "bench%3D" + run, limitSeconds);
        pods(client, namespace, "workflows.argoproj.io%2Fworkflow", limitSeconds);
    }

    private static void all(KubernetesClient client, String path, String selector, long limitSeconds)
            throws InterruptedException {
        client.raw(path + "?labelSelector=" + selector, "DELETE", "{\"propagationPolicy\":\"Background\"}");
        long end = System.nanoTime() + limitSeconds * 1_000_000_000;
        while (System.nanoTime() < end && !isEmpty(client.raw(path + "?limit=1&labelSelector=" + selector))) {
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    private static boolean isEmpty(String list) {
        try {
            JsonNode items = JSON.readTree(list).path("items");
            return items.isEmpty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API server's list can't be read", e);
        }
    }
}
