package io.tiphys.executor.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.executor.Log;
import io.tiphys.executor.resource.Conditions.Verdict;
import io.tiphys.expression.query.JsonPathTemplate;
import io.tiphys.expression.query.QueryException;
import io.tiphys.transfer.ResourceTask;
import io.tiphys.transfer.ResourceTask.ObjectParameter;
import io.tiphys.transfer.TaskReport.ParameterValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A resource template from its action to its output parameters (Argo: workflow/executor/resource.go). */
public final class ResourceWorker {
    private static final int ATTEMPTS = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final KubeApi api;
    private final ResourceTask task;
    private final String namespace;
    private final Duration checkInterval;

    /**
     * Prepares the work.
     *
     * @param namespace where objects are that name no namespace of their own
     * @param checkInterval between two looks at the object while its conditions are awaited
     */
    public ResourceWorker(KubeApi api, ResourceTask task, String namespace, Duration checkInterval) {
        this.api = api;
        this.task = task;
        this.namespace = namespace;
        this.checkInterval = checkInterval;
    }

    /** Does everything; the message of what it throws is for the user. */
    public List<ParameterValue> run() throws IOException {
        boolean asks = isGiven(task.successCondition()) || isGiven(task.failureCondition());
        if (task.action().equals("delete") && (asks || !task.parameters().isEmpty())) {
            throw new KubectlException(
                    "successCondition, failureCondition and outputs are not supported for delete action");
        }
        String file = task.manifestFile();
        String manifest = file == null ? task.manifest() : Files.readString(Path.of(file));
        Optional<Target> target = act(manifest);
        if (target.isEmpty()) {
            return defaults();
        }
        Log.info(task.action() + " " + target.get().path());
        await(target.get());
        return outputs(target.get());
    }

    private static boolean isGiven(@Nullable String condition) {
        return condition != null && !condition.isEmpty();
    }

    private Optional<Target> act(@Nullable String manifest) throws IOException {
        String own = api.namespace();
        ResourceAction action = new ResourceAction(api, task, own == null ? namespace : own);
        Duration pause = FIRST_PAUSE;
        for (int n = 1; ; n++) {
            try {
                return action.run(manifest);
            } catch (KubectlException e) {
                throw new KubectlException("no more retries " + e.getMessage());
            } catch (ApiException e) {
                if (!e.isTransient() || n == ATTEMPTS) {
                    throw new KubectlException("no more retries " + e.getMessage());
                }
                Log.warn(String.valueOf(e.getMessage()));
            } catch (ManifestException | java.io.InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                if (n == ATTEMPTS) {
                    throw new KubectlException("no more retries Unable to connect to the server: " + e.getMessage());
                }
                Log.warn("no answer from the API server: " + e.getMessage());
            }
            ResourceAction.pause(pause);
            pause = pause.multipliedBy(5);
        }
    }

    private void await(Target target) throws IOException {
        Conditions conditions = Conditions.of(task.successCondition(), task.failureCondition());
        if (conditions.isEmpty()) {
            return;
        }
        while (true) {
            try {
                switch (conditions.judge(api.get(target.path()))) {
                    case Verdict.Met() -> {
                        return;
                    }
                    case Verdict.Failed(var message) -> throw new KubectlException(message);
                    case Verdict.NotYet() -> {}
                }
            } catch (ApiException e) {
                if (e.isNotFound()) {
                    throw new KubectlException(
                            "The resource has been deleted while its status was still being checked. Will not be retried: "
                                    + e.getMessage());
                }
                if (!e.isTransient()) {
                    throw e;
                }
            } catch (KubectlException | java.io.InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                Log.warn("no answer from the API server: " + e.getMessage());
            }
            ResourceAction.pause(checkInterval);
        }
    }

    private List<ParameterValue> defaults() {
        return task.parameters().stream()
                .map(parameter -> new ParameterValue(
                        parameter.name(), parameter.defaultValue() == null ? "" : parameter.defaultValue()))
                .toList();
    }

    private List<ParameterValue> outputs(Target target) throws IOException {
        List<ParameterValue> values = new ArrayList<>();
        if (task.parameters().isEmpty()) {
            return values;
        }
        JsonNode object = api.get(target.path());
        for (ObjectParameter parameter : task.parameters()) {
            if (parameter.jsonPath() != null && !parameter.jsonPath().isEmpty()) {
                values.add(new ParameterValue(parameter.name(), jsonPath(parameter.jsonPath(), object)));
            } else if (parameter.jqFilter() != null && !parameter.jqFilter().isEmpty()) {
                values.add(new ParameterValue(parameter.name(), JqFilter.apply(parameter.jqFilter(), object)));
            }
        }
        return values;
    }

    private static String jsonPath(String template, JsonNode object) throws KubectlException {
        try {
            return JsonPathTemplate.compile(template).apply(object);
        } catch (QueryException e) {
            throw new KubectlException("error: error executing jsonpath \"" + template + "\": " + e.getMessage());
        }
    }
}
