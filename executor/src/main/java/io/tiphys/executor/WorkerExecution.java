package io.tiphys.executor;

import io.tiphys.executor.data.Transformation;
import io.tiphys.executor.resource.KubeApi;
import io.tiphys.executor.resource.ResourceWorker;
import io.tiphys.executor.stage.InputStager;
import io.tiphys.transfer.DataTask;
import io.tiphys.transfer.PodTask;
import io.tiphys.transfer.ResourceTask;
import io.tiphys.transfer.TaskReport;
import io.tiphys.transfer.TaskReport.ParameterValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The executor as main of a resource or data pod. It reports what came of it and ends; a failure is its exit code and its last words, as
 * with any other main container.
 */
final class WorkerExecution {
    /** As Argo's executor ends with an error. */
    static final int FAILED = 64;

    private static final Path LAST_WORDS = Path.of("/dev/termination-log");
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final PodTask task;
    private final ExecutorSettings settings;
    private final Connections connections;
    private final Map<String, String> environment;

    WorkerExecution(PodTask task, ExecutorSettings settings, Map<String, String> environment) {
        this.task = task;
        this.settings = settings;
        this.connections = Connections.of(task, settings);
        this.environment = environment;
    }

    /** The exit code. */
    int run() {
        try {
            new InputStager(
                            connections.uploader(),
                            connections.objects(),
                            connections.retry(),
                            settings.inputs(),
                            settings.emissary())
                    .stage(task);
            ResourceTask resource = task.resource();
            DataTask data = task.data();
            if (resource != null) {
                report(null, resource(resource));
            } else if (data != null) {
                report(data(data), List.of());
            } else {
                throw new IOException("the task names neither a resource nor a data template");
            }
            return 0;
        } catch (IOException e) {
            return failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            return failed(e.toString());
        }
    }

    private static int failed(String reason) {
        Log.error(reason);
        leave(reason);
        return FAILED;
    }

    private List<ParameterValue> resource(ResourceTask resource) throws IOException {
        return new ResourceWorker(
                        KubeApi.from(environment), resource, task.workflow().namespace(), checkInterval())
                .run();
    }

    private Duration checkInterval() {
        String seconds = environment.get("TIPHYS_RESOURCE_CHECK_SECONDS");
        return seconds == null ? CHECK_INTERVAL : Duration.ofSeconds(Long.parseLong(seconds));
    }

    private String data(DataTask data) throws IOException {
        return Transformation.apply(connections.uploader().keys(data.artifact()), data.expressions());
    }

    private void report(@Nullable String result, List<ParameterValue> parameters) throws IOException {
        connections
                .uploader()
                .report(new TaskReport(settings.podUid(), true, null, null, 0, result, parameters, List.of(), null));
    }

    private static void leave(String reason) {
        try {
            if (Files.isWritable(LAST_WORDS)) {
                Files.writeString(LAST_WORDS, reason);
            }
        } catch (IOException e) {
            Log.warn("can't write to " + LAST_WORDS + ": " + e.getMessage());
        }
    }
}
