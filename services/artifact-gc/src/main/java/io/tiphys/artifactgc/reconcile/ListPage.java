package io.tiphys.artifactgc.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.tiphys.api.ApiJson;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The API server's answer to a list of workflows, item by item. */
final class ListPage {
    private ListPage() {}

    /** Takes the item that begins at the parser's token, and leaves the parser at its end. */
    interface Items {
        void item(JsonParser json) throws IOException;
    }

    /**
     * Reads all items.
     *
     * @return the token that asks for the next page; empty on the last one
     * @throws KubernetesClientException if it is no list, or not a whole one
     */
    static String read(byte[] page, Items items) {
        try (JsonParser json = ApiJson.mapper().createParser(page)) {
            String next = "";
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                if (field.equals("items") && value == JsonToken.START_ARRAY) {
                    while (json.nextToken() == JsonToken.START_OBJECT) {
                        items.item(json);
                    }
                } else if (field.equals("metadata")) {
                    next = texts(json).getOrDefault("continue", "");
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT) {
                throw new IOException("it is cut off");
            }
            return next;
        } catch (IOException e) {
            throw new KubernetesClientException(
                    "the API server's list of workflows can't be read: " + e.getMessage(), e);
        }
    }

    /** The fields of the object that begins here and that are texts. */
    static Map<String, String> texts(JsonParser json) throws IOException {
        Map<String, String> texts = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            if (json.nextToken() == JsonToken.VALUE_STRING) {
                texts.put(field, json.getText());
            } else {
                json.skipChildren();
            }
        }
        return texts;
    }
}
