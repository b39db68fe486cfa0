package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.expression.CronSchedule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tiphys cron backfill}. */
@Command(
        name = "backfill",
        description = "Runs a cron workflow for the times of its schedules in a period that is past.",
        mixinStandardHelpOptions = true)
final class CronBackfillCommand extends ServerCommand {
    @Parameters(arity = "1", paramLabel = "CRON")
    private String cronName = "";

    @Option(names = "--name", paramLabel = "NAME", description = "The backfill's name (default: made of the period).")
    private @Nullable String name;

    @Option(
            names = "--start",
            required = true,
            paramLabel = "TIME",
            description = "Where the period begins, e.g. 2026-11-01T00:00:00Z or Sun, 01 Nov 2026 00:00:00 GMT.")
    private String start = "";

    @Option(names = "--end", paramLabel = "TIME", description = "Where it ends (default: now).")
    private @Nullable String end;

    @Option(
            names = "--format",
            defaultValue = "",
            paramLabel = "LAYOUT",
            description = "The form of the times, as a Go layout such as 2006-01-02.")
    private String format = "";

    @Option(
            names = "--argname",
            defaultValue = "cronScheduleTime",
            paramLabel = "PARAMETER",
            description = "The argument that takes the time (default: ${DEFAULT-VALUE}).")
    private String parameter = "";

    @Option(names = "--parallel", description = "Run them side by side instead of one after the other.")
    private boolean parallel;

    @Option(
            names = "--maxworkflowcount",
            defaultValue = "1000",
            paramLabel = "N",
            description = "Most runs that one backfill workflow starts (default: ${DEFAULT-VALUE}).")
    private int atMost;

    CronBackfillCommand(Session session) {
        super(session);
    }

    @Override
    public Integer call() {
        if (atMost < 1) {
            throw CommandFailure.invalid("--maxworkflowcount " + atMost + ": must be at least 1");
        }
        Instant from = Layouts.parse("--start", start, format);
        Instant until = end == null ? Instant.now() : Layouts.parse("--end", end, format);
        JsonNode cron = server().get(ArgoKind.CRON_WORKFLOW.path(namespace(), cronName), Map.of());
        List<Instant> times = times(new CronView(cron), from, until);
        if (times.isEmpty()) {
            terminal().line("There is no suitable scheduling time.");
            return ExitCode.SUCCEEDED;
        }
        Backfill backfill = new Backfill(cron, backfillName(from), parameter, parallel);
        List<String> created = new ArrayList<>();
        for (int i = 0; i < times.size(); i += atMost) {
            ObjectNode workflow = backfill.workflow(times.subList(i, Math.min(times.size(), i + atMost)));
            created.add(Output.NAME.show(server().post(
                            ArgoKind.WORKFLOW.path(namespace()), ArgoKind.WORKFLOW.request(namespace(), workflow))));
        }
        terminal().line("Created " + backfill.name() + " Backfill task for Cronworkflow " + cronName);
        terminal().line("Period: " + from + " to " + until + ", " + times.size() + " times");
        created.forEach(workflow -> terminal().line(ArgoKind.WORKFLOW.label(workflow)));
        return ExitCode.SUCCEEDED;
    }

    private String backfillName(Instant from) {
        return name == null ? Long.toString(from.getEpochSecond(), Character.MAX_RADIX) : name;
    }

    private static List<Instant> times(CronView cron, Instant from, Instant until) {
        TreeSet<Instant> times = new TreeSet<>();
        for (CronSchedule schedule : cron.times()) {
            schedule.next(from).ifPresent(first -> {
                for (Instant time = first; !time.isAfter(until); ) {
                    times.add(time);
                    time = schedule.next(time).orElse(Instant.MAX);
                }
            });
        }
        return List.copyOf(times);
    }
}
