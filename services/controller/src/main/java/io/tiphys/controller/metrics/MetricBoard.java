package io.tiphys.controller.metrics;

import io.tiphys.engine.MetricSample;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Metrics under exactly the names that Argo gives them: {@code argo_workflows_} and what the workflow says, counters
 * without a suffix. How many series there may be is bounded; those of users that nobody touches for a while go. For any
 * thread.
 */
@ApplicationScoped
public class MetricBoard {
    public static final String PREFIX = "argo_workflows_";

    /** Help of {@code error_count}, which several count. */
    public static final String ERRORS = "Number of errors encountered by the controller by cause";

    private static final int MAX_SERIES = 20_000;
    private static final Duration LIFE = Duration.ofHours(24);
    private static final double[] DEFAULT_BUCKETS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private enum Kind {
        COUNTER,
        GAUGE,
        HISTOGRAM;

        static Kind of(MetricSample.Value value) {
            return switch (value) {
                case MetricSample.Value.Counted _ -> COUNTER;
                case MetricSample.Value.Set _, MetricSample.Value.Moved _, MetricSample.Value.Elapsing _ -> GAUGE;
                case MetricSample.Value.Observed _ -> HISTOGRAM;
            };
        }
    }

    private record Family(Kind kind, String help, boolean isUsers, Map<Map<String, String>, Series> series) {}

    private final Clock clock;
    private final Map<String, Family> families = new TreeMap<>();
    private final Set<String> own = new TreeSet<>();
    private int size;

    public MetricBoard() {
        this(Clock.systemUTC());
    }

    MetricBoard(Clock clock) {
        this.clock = clock;
    }

    /**
     * Takes a value of a metric that a workflow defines.
     *
     * @return why it can't be taken, for the user; null if it was
     */
    public synchronized @Nullable String take(MetricSample sample) {
        if (own.contains(sample.name())) {
            return "could not construct metric '" + sample.name() + "': the name belongs to the controller";
        }
        return take(sample, true);
    }

    /** One more of something that the controller itself counts. */
    public void count(String name, String help, Map<String, String> labels) {
        ours(new MetricSample(name, help, labels, new MetricSample.Value.Counted(1)));
    }

    /** More or less of something that the controller itself shows. */
    public void move(String name, String help, Map<String, String> labels, int by) {
        ours(new MetricSample(name, help, labels, new MetricSample.Value.Moved(by)));
    }

    public void observe(String name, String help, Map<String, String> labels, double value) {
        ours(new MetricSample(name, help, labels, new MetricSample.Value.Observed(value, List.of())));
    }

    private synchronized void ours(MetricSample sample) {
        own.add(sample.name());
        take(sample, false);
    }

    private @Nullable String take(MetricSample sample, boolean isUsers) {
        Kind kind = Kind.of(sample.value());
        Family family = families.get(sample.name());
        if (family == null) {
            family = new Family(kind, sample.help(), isUsers, new HashMap<>());
            families.put(sample.name(), family);
        } else if (family.kind() != kind) {
            return "could not construct metric '" + sample.name() + "': it is a "
                    + family.kind().name().toLowerCase(Locale.ROOT) + " already";
        } else if (!family.help().equals(sample.help())) {
            return "could not construct metric '" + sample.name() + "': help for metric " + sample.name()
                    + " is already set to " + family.help() + ", it cannot be changed";
        }
        Instant now = clock.instant();
        Series series = family.series().get(sample.labels());
        if (series == null) {
            if (size >= MAX_SERIES && !makeRoom(now)) {
                return "could not construct metric '" + sample.name() + "': there are " + size
                        + " series already, the most that a controller keeps";
            }
            series = new Series(sample.labels(), bounds(sample.value()), now);
            family.series().put(sample.labels(), series);
            size++;
        }
        series.take(sample.value(), now);
        return null;
    }

    private static double[] bounds(MetricSample.Value value) {
        if (!(value instanceof MetricSample.Value.Observed(var _, var buckets))) {
            return new double[0];
        }
        return buckets.isEmpty()
                ? DEFAULT_BUCKETS
                : buckets.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    }

    /** Users' series that were idle for their whole life make room. */
    private boolean makeRoom(Instant now) {
        Instant then = now.minus(LIFE);
        families.values().removeIf(family -> {
            if (family.isUsers()) {
                size -= family.series().size();
                family.series().values().removeIf(series -> series.isIdleSince(then));
                size += family.series().size();
            }
            return family.isUsers() && family.series().isEmpty();
        });
        return size < MAX_SERIES;
    }

    /** All of it in Prometheus' text format. */
    public synchronized String text() {
        Instant now = clock.instant();
        makeRoom(now);
        StringBuilder text = new StringBuilder();
        families.forEach((name, family) -> {
            String full = PREFIX + name;
            text.append("# HELP ")
                    .append(full)
                    .append(' ')
                    .append(escaped(family.help(), false))
                    .append('\n');
            text.append("# TYPE ")
                    .append(full)
                    .append(' ')
                    .append(family.kind().name().toLowerCase(Locale.ROOT))
                    .append('\n');
            for (Series series : family.series().values()) {
                if (family.kind() == Kind.HISTOGRAM) {
                    histogram(text, full, series, now);
                } else {
                    line(text, full, series.labels, null, number(series.value(now)));
                }
            }
        });
        return text.toString();
    }

    private static void histogram(StringBuilder text, String name, Series series, Instant now) {
        for (int i = 0; i < series.bounds().length; i++) {
            line(text, name + "_bucket", series.labels, number(series.bounds()[i]), Long.toString(series.upTo(i)));
        }
        line(text, name + "_bucket", series.labels, "+Inf", Long.toString(series.count()));
        line(text, name + "_sum", series.labels, null, number(series.value(now)));
        line(text, name + "_count", series.labels, null, Long.toString(series.count()));
    }

    private static void line(
            StringBuilder text, String name, Map<String, String> labels, @Nullable String bound, String value) {
        Map<String, String> all = labels;
        if (bound != null) {
            all = new TreeMap<>(labels);
            all.put("le", bound);
        }
        text.append(name);
        if (!all.isEmpty()) {
            String separator = "{";
            for (Map.Entry<String, String> label : all.entrySet()) {
                text.append(separator).append(label.getKey()).append("=\"");
                text.append(escaped(label.getValue(), true)).append('"');
                separator = ",";
            }
            text.append('}');
        }
        text.append(' ').append(value).append('\n');
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static String escaped(String text, boolean quotes) {
        String escaped = text.replace("\\", "\\\\").replace("\n", "\\n");
        return quotes ? escaped.replace("\"", "\\\"") : escaped;
    }

    /** Names of the metrics that workflows defined. */
    public synchronized Set<String> usersNames() {
        Set<String> names = new TreeSet<>();
        families.forEach((name, family) -> {
            if (family.isUsers()) {
                names.add(name);
            }
        });
        return Collections.unmodifiableSet(names);
    }
}
