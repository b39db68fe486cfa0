package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.artifactgc.plan.GcPlan;
import io.tiphys.artifactgc.reconcile.WorkflowGateway.Seen;
import io.tiphys.cluster.RawRequests;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * All workflows by their metadata. Servers leave out the rest (Kubernetes: "receiving resources as metadata"); of those that don't the rest
 * is read over.
 */
final class MetadataList {
    private static final String LIST = "/apis/argoproj.io/v1alpha1/workflows?limit=100";

    private final RawRequests requests;

    MetadataList(RawRequests requests) {
        this.requests = requests;
    }

    /** @throws KubernetesClientException if the API server refuses or can't be reached */
    void forEach(Consumer<Seen> visitor) {
        String from = "";
        do {
            byte[] page =
                    requests.listMetadata(from.isEmpty() ? LIST : LIST + "&continue=" + RawRequests.encoded(from));
            from = ListPage.read(page, item -> visitor.accept(seen(item)));
        } while (!from.isEmpty());
    }

    private static Seen seen(JsonParser json) throws IOException {
        Seen seen = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isMetadata = json.currentName().equals("metadata");
            json.nextToken();
            if (isMetadata) {
                seen = ofMetadata(json);
            } else {
                json.skipChildren();
            }
        }
        if (seen == null) {
            throw new IOException("an item has no metadata");
        }
        return seen;
    }

    private static Seen ofMetadata(JsonParser json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        boolean completed = false;
        boolean held = false;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                texts.put(field, json.getText());
            } else if (field.equals("labels") && value == JsonToken.START_OBJECT) {
                completed = GcPlan.isCompleted(ListPage.texts(json));
            } else if (field.equals("finalizers") && value == JsonToken.START_ARRAY) {
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    held |= GcPlan.FINALIZER.equals(json.getText());
                }
            } else {
                json.skipChildren();
            }
        }
        boolean deleted = texts.containsKey("deletionTimestamp");
        return new Seen(
                required(texts, "namespace"),
                required(texts, "name"),
                required(texts, "uid"),
                required(texts, "resourceVersion"),
                deleted,
                held && (completed || deleted));
    }

    private static String required(Map<String, String> metadata, String field) throws IOException {
        String value = metadata.get(field);
        if (value == null) {
            throw new IOException("an item has no metadata." + field);
        }
        return value;
    }
}
