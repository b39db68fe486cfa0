package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tiphys.executor.http.UploaderClient;
import io.tiphys.transfer.AgentWork;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Argo's {@code http} template, as far as the agent needs it. */
record HttpTemplate(
        @Nullable String method,
        @Nullable String url,
        @Nullable List<Header> headers,
        @Nullable Long timeoutSeconds,
        @Nullable String successCondition,
        @Nullable String body,
        @Nullable BodySource bodyFrom,
        boolean insecureSkipVerify) {

    record Header(
            String name, @Nullable String value, @Nullable HeaderSource valueFrom) {
        /** The value, which may be a secret's. */
        String resolved(Map<String, String> secrets) {
            SecretKey reference = valueFrom == null ? null : valueFrom.secretKeyRef();
            String found = reference == null ? value : secrets.get(reference.name() + "/" + reference.key());
            return found == null ? "" : found;
        }
    }

    record HeaderSource(@Nullable SecretKey secretKeyRef) {}

    record SecretKey(String name, String key) {}

    record BodySource(@Nullable String bytes) {}

    HttpTemplate {
        headers = headers == null ? List.of() : List.copyOf(headers);
    }

    static HttpTemplate of(AgentWork.Task task) {
        return UploaderClient.JSON.convertValue(task.template().get("http"), HttpTemplate.class);
    }

    String target() {
        return url == null ? "" : url;
    }

    List<Header> allHeaders() {
        return headers == null ? List.of() : headers;
    }

    byte[] content() {
        if (bodyFrom != null) {
            String bytes = bodyFrom.bytes();
            return bytes == null ? new byte[0] : Base64.getDecoder().decode(bytes);
        }
        return body == null ? new byte[0] : body.getBytes(UTF_8);
    }
}
