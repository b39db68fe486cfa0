package io.tiphys.executor.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tiphys.expression.Expr;
import io.tiphys.expression.Scope;
import io.tiphys.transfer.AgentWork;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Does {@code http} templates: request, answer, verdict. Argo: docs/http-template.md. */
final class HttpTasks {
    private final HttpCaller caller;

    HttpTasks(HttpCaller caller) {
        this.caller = caller;
    }

    AgentWork.Result run(AgentWork.Task task) throws InterruptedException {
        HttpTemplate template = HttpTemplate.of(task);
        try {
            HttpAnswer answer = caller.call(template, task.secrets());
            String complaint = complaint(template, answer);
            return new AgentWork.Result(
                    task.nodeId(),
                    complaint == null ? "Succeeded" : "Failed",
                    complaint,
                    Map.of("result", answer.body()),
                    null);
        } catch (HttpFailure e) {
            return new AgentWork.Result(task.nodeId(), "Failed", e.getMessage(), null, null);
        }
    }

    /** Why the answer is no success, or null. */
    private static @Nullable String complaint(HttpTemplate template, HttpAnswer answer) throws HttpFailure {
        String condition = template.successCondition();
        if (condition == null || condition.isEmpty()) {
            return answer.isSuccess() ? null : "received non-2xx response code: " + answer.statusCode();
        }
        return switch (Expr.compile(condition)) {
            case Expr.Compilation.Invalid(var message) -> throw new HttpFailure(message);
            case Expr.Compilation.Compiled(var expression) -> complaint(expression, template, answer);
        };
    }

    private static @Nullable String complaint(Expr expression, HttpTemplate template, HttpAnswer answer)
            throws HttpFailure {
        Scope scope = Scope.of(Map.of("request", request(template), "response", response(answer)));
        List<String> missing = expression.references().stream()
                .filter(name -> !name.startsWith("request") && !name.startsWith("response"))
                .toList();
        if (!missing.isEmpty()) {
            throw new HttpFailure("successCondition '" + expression.source() + "' refers to " + missing.getFirst()
                    + "; there are request.{method,url,body,bodyBytes,headers} and response.{statusCode,body,headers}");
        }
        return switch (expression.evaluateBoolean(scope)) {
            case Expr.Evaluation.Failed(var message) -> throw new HttpFailure(message);
            case Expr.Evaluation.Value(var value) ->
                Boolean.TRUE.equals(value) ? null : "successCondition '" + expression.source() + "' evaluated false";
        };
    }

    private static Map<String, Object> request(HttpTemplate template) {
        Map<String, List<Object>> headers = new LinkedHashMap<>();
        for (HttpTemplate.Header header : template.allHeaders()) {
            // Argo: the last of a name, written as in the template, and nothing of what comes from a Secret
            if (header.valueFrom() == null) {
                headers.put(header.name(), List.of(Objects.requireNonNullElse(header.value(), "")));
            }
        }
        Map<String, Object> request = new LinkedHashMap<>();
        request.put("method", Objects.requireNonNullElse(template.method(), ""));
        request.put("url", template.target());
        request.put("body", Objects.requireNonNullElse(template.body(), ""));
        request.put("bodyBytes", template.bodyFrom() == null ? "" : new String(template.content(), ISO_8859_1));
        request.put("headers", headers);
        return request;
    }

    private static Map<String, Object> response(HttpAnswer answer) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("statusCode", (long) answer.statusCode());
        response.put("body", answer.body());
        response.put("headers", answer.headers());
        return response;
    }
}
