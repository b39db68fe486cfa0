package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.stream.MessageStream;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/** Argo's {@code /api/v1/stream/events}: Kubernetes Events as they happen. */
@Path("/api/v1/stream/events")
@RunOnVirtualThread
public class KubernetesEventsResource {
    private static final int MOST_WAITING = 1000;

    private final Access access;
    private final ObjectMapper json;

    public KubernetesEventsResource(Access access, ObjectMapper json) {
        this.access = access;
        this.json = json;
    }

    @GET
    @Path("{namespace}")
    public Response watch(
            @PathParam("namespace") String namespace, @HeaderParam("Accept") String accept, @Context UriInfo uri) {
        var query = uri.getQueryParameters();
        ListOptions options = new ListOptionsBuilder()
                .withFieldSelector(emptyToNull(ListQuery.text(query, "listOptions.fieldSelector")))
                .withLabelSelector(emptyToNull(ListQuery.text(query, "listOptions.labelSelector")))
                .withResourceVersion(emptyToNull(ListQuery.text(query, "listOptions.resourceVersion")))
                .build();
        return StreamedAnswer.of(json, accept, out -> stream(namespace, options, out));
    }

    private void stream(String namespace, ListOptions options, MessageStream out)
            throws IOException, InterruptedException {
        out.open();
        // full: the reader is slower than the cluster, and reconnects
        BlockingQueue<Optional<Event>> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
        try (var _ = access.kubernetes().v1().events().inNamespace(namespace).watch(options, new Listener(waiting))) {
            while (true) {
                Optional<Event> next = waiting.poll(MessageStream.KEEP_ALIVE.toMillis(), TimeUnit.MILLISECONDS);
                if (next == null) {
                    out.keepAlive();
                } else if (next.isPresent()) {
                    out.send(json.valueToTree(next.get()));
                } else {
                    break;
                }
            }
        }
        out.fail(new ApiException(Code.RESOURCE_EXHAUSTED, "EOF"));
    }

    @SuppressWarnings("NullAway") // Fabric8's builder leaves out what is null
    private static String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    private record Listener(BlockingQueue<Optional<Event>> waiting) implements Watcher<Event> {
        @Override
        public void eventReceived(Action action, Event event) {
            if (action == Action.ADDED || action == Action.MODIFIED) {
                event.getMetadata().setManagedFields(java.util.List.of());
                if (!waiting.offer(Optional.of(event))) {
                    waiting.clear();
                    var _ = waiting.offer(Optional.empty());
                }
            }
        }

        @Override
        public void onClose(WatcherException cause) {
            var _ = waiting.offer(Optional.empty());
        }
    }
}
