package io.tiphys.submitter.log;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A workflow's pods and their logs in the Kubernetes API. */
@ApplicationScoped
public class PodLogs {
    private static final String LABEL_WORKFLOW = "workflows.argoproj.io/workflow";

    private final KubernetesClient client;

    public PodLogs(KubernetesClient client) {
        this.client = client;
    }

    /** There is no log (yet): the container waits, or the pod has gone. */
    static final class NoLogException extends Exception {
        NoLogException(String message) {
            super(message);
        }
    }

    /** The workflow's pods that the options select, first started first. */
    List<Pod> list(String namespace, String workflow, LogOptions options) {
        return client.pods().inNamespace(namespace).list(selection(workflow, options)).getItems().stream()
                .sorted(Comparator.comparing((Pod pod) -> {
                            String start = pod.getStatus() == null
                                    ? null
                                    : pod.getStatus().getStartTime();
                            return start == null ? "9" : start;
                        })
                        .thenComparing(pod -> pod.getMetadata().getName()))
                .toList();
    }

    Watch watch(String namespace, String workflow, LogOptions options, Watcher<Pod> watcher) {
        return client.pods().inNamespace(namespace).watch(selection(workflow, options), watcher);
    }

    /**
     * The log as it comes, each line with its time in front. Ends when the container has ended or, without follow, with the last
     * line so far.
     */
    InputStream open(String namespace, String pod, LogOptions options)
            throws IOException, InterruptedException, NoLogException {
        URI uri = URI.create(client.getMasterUrl().toString()).resolve(options.path(namespace, pod));
        HttpRequest request = client.getHttpClient()
                .newHttpRequestBuilder()
                .uri(uri)
                .forStreaming()
                .build();
        try {
            HttpResponse<InputStream> response =
                    client.getHttpClient().sendAsync(request, InputStream.class).get();
            if (response.isSuccessful()) {
                return new ReadToItsEnd(response.body());
            }
            String message;
            try (InputStream body = new ReadToItsEnd(response.body())) {
                message = new String(body.readNBytes(4096), StandardCharsets.UTF_8);
            }
            if (response.code() == 400 || response.code() == 404) {
                throw new NoLogException(message);
            }
            throw new KubernetesClientException("log of pod " + pod + ": " + message, response.code(), null);
        } catch (ExecutionException e) {
            throw new IOException("log of pod " + pod + ": " + e.getCause(), e);
        }
    }

    private static ListOptions selection(String workflow, LogOptions options) {
        String labels = LABEL_WORKFLOW + "=" + workflow;
        ListOptionsBuilder selection = new ListOptionsBuilder()
                .withLabelSelector(options.selector().isEmpty() ? labels : labels + "," + options.selector());
        if (!options.podName().isEmpty()) {
            selection.withFieldSelector("metadata.name=" + options.podName());
        }
        return selection.build();
    }
}
