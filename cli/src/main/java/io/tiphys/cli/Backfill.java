package io.tiphys.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.Manifests;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * Makes the workflow that runs a cron workflow for times that are past: a loop of a resource template that creates one workflow for each, as
 * Argo's command makes it.
 *
 * @param cron the cron workflow
 * @param name the backfill's; the mutex that puts the runs in a row is called so
 * @param parameter the argument that takes the time
 * @param parallel whether the runs may be side by side
 */
record Backfill(JsonNode cron, String name, String parameter, boolean parallel) {
    private static final DateTimeFormatter GO =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss '+0000 UTC'", Locale.ROOT);
    private static final int MAX_PREFIX = 50;

    ObjectNode workflow(List<Instant> times) {
        ObjectNode workflow =
                Json.object().put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Workflow");
        ObjectNode metadata = workflow.putObject("metadata").put("generateName", "backfill-wf-");
        metadata.putObject("labels").put("workflows.argoproj.io/backfill", cronName());
        ObjectNode spec = workflow.putObject("spec").put("entrypoint", "main");
        ArrayNode templates = spec.putArray("templates");
        ObjectNode step = templates
                .addObject()
                .put("name", "main")
                .putArray("steps")
                .addArray()
                .addObject()
                .put("name", "create-workflow")
                .put("template", "create-workflow");
        step.putObject("arguments")
                .putArray("parameters")
                .addObject()
                .put("name", "backfillscheduletime")
                .put("value", "{{item}}");
        ArrayNode items = Json.object().putArray("items");
        times.forEach(time -> items.add(GO.format(time.atOffset(ZoneOffset.UTC))));
        step.put("withParam", Json.text(items));
        ObjectNode create = templates.addObject().put("name", "create-workflow");
        create.putObject("inputs").putArray("parameters").addObject().put("name", "backfillscheduletime");
        create.putObject("resource")
                .put("action", "create")
                .put("successCondition", "status.phase == Succeeded")
                .put("failureCondition", "status.phase in (Failed, Error)")
                .put("manifest", Manifests.toYaml(run()));
        return workflow;
    }

    /** One run of the cron workflow, with a tag for its time. */
    private ObjectNode run() {
        ObjectNode run = Json.object().put("apiVersion", "argoproj.io/v1alpha1").put("kind", "Workflow");
        JsonNode wanted = cron.path("spec").path("workflowMetadata");
        ObjectNode metadata = run.putObject("metadata").put("generateName", prefix());
        ObjectNode labels = metadata.putObject("labels");
        wanted.path("labels").properties().forEach(label -> labels.set(label.getKey(), label.getValue()));
        labels.put("workflows.argoproj.io/cron-workflow", cronName()).put("workflows.argoproj.io/backfill", cronName());
        ObjectNode annotations = metadata.putObject("annotations");
        wanted.path("annotations").properties().forEach(each -> annotations.set(each.getKey(), each.getValue()));
        ObjectNode spec = cron.path("spec").path("workflowSpec") instanceof ObjectNode present
                ? present.deepCopy()
                : Json.object();
        run.set("spec", spec);
        ManifestFiles.setParameters(run, List.of(parameter + "={{inputs.parameters.backfillscheduletime}}"));
        if (!parallel) {
            spec.put("priority", Integer.MAX_VALUE);
            spec.putObject("synchronization").putArray("mutexes").addObject().put("name", name);
        }
        return run;
    }

    private String prefix() {
        String prefix = cronName() + "-backfill-" + name;
        return (prefix.length() > MAX_PREFIX ? prefix.substring(0, MAX_PREFIX) : prefix) + "-";
    }

    private String cronName() {
        return cron.path("metadata").path("name").asText("");
    }
}
