package io.tiphys.executor.agent;

import java.util.List;
import java.util.Map;

/**
 * What a server answered in the end, after redirects.
 *
 * @param headers by their canonical names ({@code Content-Type}), as Argo shows them to expressions
 */
record HttpAnswer(int statusCode, String body, Map<String, List<String>> headers) {
    boolean isSuccess() {
        return statusCode >= 200 && statusCode < 300;
    }
}
