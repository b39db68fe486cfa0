package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers lists: selected objects in key order, a page at a time. All pages carry the resource version of the first one,
 * so a watch from there sees whatever changed while paging.
 */
final class Listing {
    /** Where a page ended: the last key on it, and the resource version of the first page. */
    private record Continuation(long revision, String key) {
        static Continuation parse(String token) {
            try {
                String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
                int colon = text.indexOf(':');
                return new Continuation(Long.parseLong(text.substring(0, colon)), text.substring(colon + 1));
            } catch (IllegalArgumentException | StringIndexOutOfBoundsException _) {
                throw ApiException.badRequest("continue: not a token that this server gave out");
            }
        }

        String token() {
            byte[] text = (revision + ":" + key).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
        }
    }

    private final Store store;

    Listing(Store store) {
        this.store = store;
    }

    /** What a client selects: by namespace (null for all), labels and fields. */
    record Selection(ResourceType type, @Nullable String namespace, LabelSelector labels, FieldSelector fields) {
        static Selection of(ResourceType type, @Nullable String namespace, Request request) {
            return new Selection(
                    type,
                    namespace,
                    LabelSelector.parse(request.query().get("labelSelector")),
                    FieldSelector.parse(type, request.query().get("fieldSelector")));
        }

        boolean matches(StoredObject object) {
            return (namespace == null || namespace.equals(object.namespace()))
                    && labels.matches(object.labels())
                    && fields.matches(object);
        }
    }

    byte[] list(Selection selection, Request request) {
        ResourceType type = selection.type();
        long limit = Math.max(0, request.number("limit", 0));
        String token = request.query().getOrDefault("continue", "");
        Continuation from = token.isEmpty() ? null : Continuation.parse(token);
        Store.Snapshot snapshot = store.snapshot(type);
        long revision = from == null ? snapshot.revision() : from.revision();

        List<StoredObject> page = new ArrayList<>();
        Iterator<StoredObject> candidates = snapshot.objects()
                .after(selection.namespace(), from == null ? null : from.key())
                .iterator();
        boolean more = false;
        while (candidates.hasNext() && !more) {
            StoredObject candidate = candidates.next();
            if (selection.matches(candidate)) {
                more = limit > 0 && page.size() == limit;
                if (!more) {
                    page.add(candidate);
                }
            }
        }
        ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(revision));
        if (more) {
            metadata.put("continue", new Continuation(revision, page.getLast().key()).token());
        }
        return request.wantsTable()
                ? Json.encode(
                        Tables.render(type, page, metadata, request.query().getOrDefault("includeObject", "Metadata")))
                : request.wantsMetadataOnly()
                        ? encode(
                                page.stream().map(StoredObject::metadataOnly).toList(),
                                metadata,
                                "PartialObjectMetadataList",
                                "meta.k8s.io/v1")
                        : encode(
                                page.stream().map(StoredObject::json).toList(),
                                metadata,
                                type.kind() + "List",
                                type.apiVersion());
    }

    private static byte[] encode(List<byte[]> page, ObjectNode metadata, String kind, String apiVersion) {
        int size = 256;
        for (byte[] object : page) {
            size += object.length + 1;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(size);
        ObjectNode head = Json.object().put("kind", kind).put("apiVersion", apiVersion);
        head.set("metadata", metadata);
        byte[] start = Json.encode(head);
        out.write(start, 0, start.length - 1);
        out.writeBytes(",\"items\":[".getBytes(StandardCharsets.UTF_8));
        for (int at = 0; at < page.size(); at++) {
            if (at > 0) {
                out.write(',');
            }
            out.writeBytes(page.get(at));
        }
        out.writeBytes("]}".getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }
}
