package io.tiphys.controller.metrics;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code GET /metrics}: what Argo's controller shows under its names. The JVM's and our own are at {@code /q/metrics}. */
@Path("/metrics")
public class MetricsResource {
    private final MetricBoard board;

    public MetricsResource(MetricBoard board) {
        this.board = board;
    }

    @GET
    @Produces("text/plain; version=0.0.4; charset=utf-8")
    public String metrics() {
        return board.text();
    }
}
