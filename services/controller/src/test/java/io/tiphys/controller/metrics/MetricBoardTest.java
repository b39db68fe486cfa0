package io.tiphys.controller.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.engine.MetricSample;
import io.tiphys.engine.MetricSample.Value;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricBoardTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MetricBoard board = new MetricBoard(Clock.fixed(NOW, ZoneOffset.UTC));

    @Test
    void showsEachKindInPrometheusText() {
        take("c", new Value.Counted(1));
        take("c", new Value.Counted(2.5));
        take("g", new Value.Set(7));
        take("g", new Value.Moved(-2));
        take("h", new Value.Observed(2, List.of(new BigDecimal("1"), new BigDecimal("2.5"))));
        take("t", new Value.Elapsing(NOW.minusSeconds(90), null));

        assertThat(board.text()).isEqualTo("""
                # HELP argo_workflows_c says
                # TYPE argo_workflows_c counter
                argo_workflows_c{k="a\\"b"} 3.5
                # HELP argo_workflows_g says
                # TYPE argo_workflows_g gauge
                argo_workflows_g{k="a\\"b"} 5
                # HELP argo_workflows_h says
                # TYPE argo_workflows_h histogram
                argo_workflows_h_bucket{k="a\\"b",le="1"} 0
                argo_workflows_h_bucket{k="a\\"b",le="2.5"} 1
                argo_workflows_h_bucket{k="a\\"b",le="+Inf"} 1
                argo_workflows_h_sum{k="a\\"b"} 2
                argo_workflows_h_count{k="a\\"b"} 1
                # HELP argo_workflows_t says
                # TYPE argo_workflows_t gauge
                argo_workflows_t{k="a\\"b"} 90
                """);
    }

    @Test
    void refusesWhatContradictsWhatIsThere() {
        take("c", new Value.Counted(1));
        assertThat(board.take(new MetricSample("c", "says", Map.of(), new Value.Set(1))))
                .contains("counter already");
        assertThat(board.take(new MetricSample("c", "otherwise", Map.of(), new Value.Counted(1))))
                .contains("it cannot be changed");
        board.count("total_count", "workflows", Map.of());
        assertThat(board.take(new MetricSample("total_count", "workflows", Map.of(), new Value.Counted(1))))
                .contains("belongs to the controller");
    }

    @Test
    void keepsOnlySoManySeries() {
        String problem = null;
        for (int i = 0; i <= 20_000 && problem == null; i++) {
            problem = board.take(
                    new MetricSample("wide", "says", Map.of("i", Integer.toString(i)), new Value.Counted(1)));
        }
        assertThat(problem).contains("20000 series");
    }

    private void take(String name, Value value) {
        assertThat(board.take(new MetricSample(name, "says", Map.of("k", "a\"b"), value)))
                .isNull();
    }
}
