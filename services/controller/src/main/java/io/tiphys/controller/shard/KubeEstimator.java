package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.kube.ApiCalls;
import io.tiphys.controller.kube.ApiFailure;
import io.tiphys.controller.lifecycle.PhaseLabels;
import io.tiphys.engine.definition.Estimates;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link Estimator} from the workflows that are there still and, where none is, from the archive. */
public final class KubeEstimator implements Estimator {
    private static final Logger LOG = LoggerFactory.getLogger(KubeEstimator.class);
    private static final List<String> ORIGINS = List.of(
            StartMetadata.LABEL_TEMPLATE, StartMetadata.LABEL_CLUSTER_TEMPLATE, "workflows.argoproj.io/cron-workflow");
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Live workflows that are looked at; the archive knows the others. */
    private static final long MOST_LIVE = 500;

    /** Of larger workflows only the whole is estimated: what is known of nodes is journaled with the workflow. */
    private static final int MOST_NODES = 2_000;

    private final KubernetesClient client;
    private final ApiCalls calls;
    private final Optional<URI> archive;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    /** Asks the archive only if there is one. */
    public KubeEstimator(KubernetesClient client, ApiCalls calls, Optional<URI> archive) {
        this.client = client;
        this.calls = calls;
        this.archive = archive;
    }

    @Override
    public Estimates of(Workflow workflow) throws InterruptedException {
        Map<String, String> labels =
                Optional.ofNullable(workflow.getMetadata().getLabels()).orElse(Map.of());
        for (String origin : ORIGINS) {
            String value = labels.get(origin);
            if (value != null) {
                return baseline(workflow.getMetadata().getNamespace(), origin + "=" + value)
                        .map(KubeEstimator::estimates)
                        .orElse(Estimates.NONE);
            }
        }
        return Estimates.NONE;
    }

    private Optional<Workflow> baseline(String namespace, String selector) throws InterruptedException {
        try {
            Optional<Workflow> live = live(namespace, selector);
            return live.isPresent() ? live : archived(namespace, selector);
        } catch (KubernetesClientException e) {
            LOG.debug("no estimate for workflows with {}: {}", selector, ApiFailure.reason(e));
        } catch (IOException e) {
            LOG.debug("no estimate for workflows with {}: {}", selector, e.toString());
        }
        return Optional.empty();
    }

    private Optional<Workflow> live(String namespace, String selector) throws InterruptedException {
        var options = new ListOptionsBuilder()
                .withLabelSelector(selector + "," + PhaseLabels.PHASE + "=" + WorkflowPhase.SUCCEEDED.json())
                .withLimit(MOST_LIVE)
                .build();
        return calls
                .call(
                        "list workflows",
                        () -> client.resources(Workflow.class)
                                .inNamespace(namespace)
                                .list(options))
                .getItems()
                .stream()
                .max(Comparator.comparing(
                        found -> String.valueOf(found.getMetadata().getCreationTimestamp())));
    }

    private Optional<Workflow> archived(String namespace, String selector) throws IOException, InterruptedException {
        if (archive.isEmpty()) {
            return Optional.empty();
        }
        String query = "namespace=" + encoded(namespace) + "&labelSelector="
                + encoded(selector + "," + PhaseLabels.PHASE + "=" + WorkflowPhase.SUCCEEDED.json()) + "&limit=1";
        FoundList found = get(archive.get().resolve("/v1/workflows?" + query), FoundList.class);
        if (found == null || found.items().isEmpty()) {
            return Optional.empty();
        }
        String uid = found.items().getFirst().getMetadata().getUid();
        return Optional.ofNullable(get(archive.get().resolve("/v1/workflows/" + encoded(uid)), Workflow.class));
    }

    private record FoundList(List<Workflow> items) {}

    private <T> @Nullable T get(URI uri, Class<T> type) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
        HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() == 404) {
                return null;
            }
            if (response.statusCode() != 200) {
                throw new IOException("the archive answered " + response.statusCode());
            }
            return ApiJson.mapper().readValue(body, type);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Estimates estimates(Workflow baseline) {
        WorkflowStatus status = baseline.getStatus();
        Map<String, Long> nodes = new HashMap<>();
        for (NodeStatus node : nodes(status)) {
            long seconds = seconds(node.startedAt(), node.finishedAt());
            if (seconds > 0) {
                nodes.put(node.id(), seconds);
            }
        }
        return new Estimates(baseline.getMetadata().getName(), seconds(status.startedAt(), status.finishedAt()), nodes);
    }

    private static Collection<NodeStatus> nodes(WorkflowStatus status) {
        if (status.offloadNodeStatusVersion() != null) {
            return List.of();
        }
        Collection<NodeStatus> nodes = CompressedNodes.inline(status).nodes().values();
        return nodes.size() <= MOST_NODES ? nodes : List.of();
    }

    private static long seconds(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null
                ? 0
                : Math.max(0, Duration.between(from, to).toSeconds());
    }
}
