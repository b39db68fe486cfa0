package io.tiphys.submitter.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.tiphys.messages.Trigger;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.auth.Gatekeeper;
import io.tiphys.submitter.event.Triggers;
import io.tiphys.submitter.event.WebhookClients;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Argo's {@code /api/v1/events}: events from outside, which WorkflowEventBindings turn into workflows. */
@Path("/api/v1/events")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class EventsResource {
    private static final int MAX_BYTES = 2 * 1024 * 1024;
    /** Headers by which senders name what they send; the same again is the same event. */
    private static final List<String> IDS =
            List.of("ce-id", "X-GitHub-Delivery", "X-Gitlab-Event-UUID", "X-Request-UUID");

    private final Triggers triggers;
    private final WebhookClients clients;
    private final Gatekeeper gatekeeper;
    private final Access access;
    private final ObjectMapper json;

    public EventsResource(
            Triggers triggers, WebhookClients clients, Gatekeeper gatekeeper, Access access, ObjectMapper json) {
        this.triggers = triggers;
        this.clients = clients;
        this.gatekeeper = gatekeeper;
        this.access = access;
        this.json = json;
    }

    @POST
    @Path("{namespace}")
    public ObjectNode accept(@PathParam("namespace") String namespace, @Context HttpHeaders headers, InputStream body)
            throws InterruptedException {
        return accept(namespace, "", headers, body);
    }

    /** Answers when the bindings have done what they want of it, or it is safe that they will. */
    @POST
    @Path("{namespace}/{discriminator:.*}")
    public ObjectNode accept(
            @PathParam("namespace") String namespace,
            @PathParam("discriminator") String discriminator,
            @Context HttpHeaders headers,
            InputStream body)
            throws InterruptedException {
        byte[] bytes = read(body);
        letIn(namespace, headers, bytes);
        Trigger trigger = new Trigger(
                id(namespace, headers), Instant.now(), namespace, discriminator, metadata(headers), payload(bytes));
        List<String> failures = triggers.accept(trigger);
        if (!failures.isEmpty()) {
            throw new ApiException(Code.INTERNAL, "failed to dispatch event: " + failures);
        }
        return json.createObjectNode();
    }

    /** A signature of a client of the namespace, where there are any, or else whatever an auth mode lets in. */
    private void letIn(String namespace, HttpHeaders headers, byte[] body) {
        String authorization = headers.getHeaderString(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            switch (clients.check(namespace, headers::getHeaderString, body)) {
                case SIGNED -> {
                    return;
                }
                case REFUSED -> throw new ApiException(Code.PERMISSION_DENIED, "failed to process webhook request");
                case NO_CLIENTS -> {} // anybody may send, if an auth mode lets anybody in
            }
        }
        gatekeeper.letIn(authorization, headers.getCookies());
        access.require("list", "argoproj.io", "workfloweventbindings", namespace, "");
        access.requireWorkflows("create", namespace, "");
    }

    private static byte[] read(InputStream body) {
        try {
            byte[] bytes = body == null ? new byte[0] : body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw ApiException.invalid("the event is larger than 2 MiB; that is the most that is taken");
            }
            return bytes;
        } catch (IOException e) {
            throw ApiException.invalid("the event could not be read: " + e.getMessage());
        }
    }

    private JsonNode payload(byte[] bytes) {
        try {
            return bytes.length == 0 ? json.nullNode() : json.readTree(bytes);
        } catch (IOException e) {
            throw ApiException.invalid("the event is not valid JSON: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static String id(String namespace, HttpHeaders headers) {
        for (String name : IDS) {
            String given = headers.getHeaderString(name);
            if (given != null && !given.isBlank()) {
                return namespace + "/" + given.strip();
            }
        }
        return UUID.randomUUID().toString();
    }

    /** Argo: only {@code X-} headers; others may hold what nobody should see. */
    private static Map<String, List<String>> metadata(HttpHeaders headers) {
        Map<String, List<String>> metadata = new TreeMap<>();
        headers.getRequestHeaders().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith("x-")) {
                metadata.put(lower, List.copyOf(values));
            }
        });
        return metadata;
    }
}
