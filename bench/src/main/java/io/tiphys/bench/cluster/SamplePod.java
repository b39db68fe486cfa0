package io.tiphys.bench.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.messages.Shards;
import java.util.List;

/**
 * A lean pod that the controller made, to be made again by hand: as large, with the same fields, for the same owner, but of no
 * shard, so that no controller looks at it. What a pod costs the API server depends on all of that. The pod's workflow is kept until this
 * is closed: pods without their owner would be collected.
 */
final class SamplePod implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUN = "@run@";
    private static final String NAME = "@name@";
    private static final String WORKFLOW = "workflows.argoproj.io/workflow";

    private final KubernetesClient client;
    private final String namespace;
    private final String workflow;
    private final String template;

    private SamplePod(KubernetesClient client, String namespace, String workflow, String template) {
        this.client = client;
        this.namespace = namespace;
        this.workflow = workflow;
        this.template = template;
    }

    /**
     * Runs a workflow of one pod and keeps its pod's looks.
     *
     * @throws IllegalStateException if the workflow has left no pod, or hasn't ended in time
     */
    static SamplePod take(KubernetesClient client, String namespace, long limitSeconds) throws InterruptedException {
        String run = "sample-" + Long.toString(System.nanoTime(), 36);
        String workflow = run + "-0";
        double seconds = Submission.run(client, namespace, run, 1, _ -> Specs.fanOut(1), limitSeconds);
        String selected = "/api/v1/namespaces/" + namespace + "/pods?labelSelector=workflows.argoproj.io%2Fworkflow%3D";
        try {
            JsonNode pod = JSON.readTree(client.raw(selected + workflow)).at("/items/0");
            if (Double.isInfinite(seconds) || !(pod instanceof ObjectNode made)) {
                delete(client, namespace, workflow);
                throw new IllegalStateException("workflow " + workflow + " has left no pod within " + limitSeconds
                        + " s: is the controller well, do this cluster's nodes end pods, and do they stay (podGC)?");
            }
            return new SamplePod(client, namespace, workflow, template(made));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the API server's list of pods can't be read", e);
        }
    }

    private static String template(ObjectNode pod) {
        ObjectNode metadata = (ObjectNode) pod.path("metadata");
        String name = metadata.path("name").asText();
        metadata.remove(List.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields"));
        metadata.remove("finalizers"); // nobody would take it off a pod that no controller looks at
        ObjectNode labels = (ObjectNode) metadata.path("labels");
        labels.remove(List.of(Shards.LABEL, WORKFLOW));
        labels.put("bench", RUN).put("bench/shard", "none").put("workflows.argoproj.io/completed", "false");
        pod.put("apiVersion", "v1").put("kind", "Pod").remove("status");
        ((ObjectNode) pod.path("spec")).remove("nodeName");
        return pod.toString().replace(name, NAME);
    }

    /** The pod as JSON, with the label {@code bench=<run>}, named {@code <run>-item-<number>}. */
    String named(String run, int number) {
        return template.replace(RUN, run).replace(NAME, run + "-item-" + number);
    }

    @Override
    public void close() {
        delete(client, namespace, workflow);
    }

    private static void delete(KubernetesClient client, String namespace, String workflow) {
        client.raw(Submission.path(namespace) + "/" + workflow, "DELETE", "{\"propagationPolicy\":\"Background\"}");
    }
}
