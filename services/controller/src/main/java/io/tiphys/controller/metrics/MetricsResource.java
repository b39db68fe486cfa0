package io.tiphys.controller.metrics;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import java.util.regex.Pattern;

/** {@code GET /metrics}: what Argo's controller shows under its names. The JVM's and our own are at {@code /q/metrics}. */
@Path("/metrics")
@SuppressWarnings("deprecation") // the registry that Quarkus brings
public class MetricsResource {
    private static final Pattern OURS = Pattern.compile("(# (HELP|TYPE) )?" + MetricBoard.PREFIX + ".*");

    private final MetricBoard board;
    private final PrometheusMeterRegistry registry;

    public MetricsResource(MetricBoard board, PrometheusMeterRegistry registry) {
        this.board = board;
        this.registry = registry;
    }

    @GET
    @Produces("text/plain; version=0.0.4; charset=utf-8")
    public String metrics() {
        StringBuilder text = new StringBuilder(board.text());
        registry.scrape()
                .lines()
                .filter(line -> OURS.matcher(line).matches())
                .forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }
}
