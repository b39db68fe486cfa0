package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Prints the logs of a workflow's pods, each line with its pod's name. */
final class LogReader {
    private static final List<Terminal.Style> COLORS = List.of(
            Terminal.Style.CYAN,
            Terminal.Style.GREEN,
            Terminal.Style.YELLOW,
            Terminal.Style.MAGENTA,
            Terminal.Style.BLUE);

    private final ArgoServer server;
    private final Terminal terminal;
    private final boolean prefix;
    private final Map<String, Terminal.Style> colors = new HashMap<>();

    LogReader(ArgoServer server, Terminal terminal, boolean prefix) {
        this.server = server;
        this.terminal = terminal;
        this.prefix = prefix;
    }

    /** Reads until the server has no more. {@code options} are query parameters. */
    void read(String namespace, String workflow, Map<String, String> options) {
        Map<String, String> query = new LinkedHashMap<>(options);
        query.putIfAbsent("logOptions.container", "main");
        server.stream(ArgoServer.path("workflows", namespace, workflow, "log"), query, this::print);
    }

    private boolean print(JsonNode entry) {
        String pod = entry.path("podName").asText("");
        String content = entry.path("content").asText("");
        if (prefix && !pod.isEmpty()) {
            Terminal.Style color = colors.computeIfAbsent(pod, _ -> COLORS.get(colors.size() % COLORS.size()));
            terminal.line(terminal.style(color, pod + ":") + " " + content);
        } else {
            terminal.line(content);
        }
        return true;
    }
}
