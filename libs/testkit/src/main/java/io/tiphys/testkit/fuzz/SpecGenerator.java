package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.testkit.simulator.Dice;
import java.util.ArrayList;
import java.util.List;

/** Makes workflows that are valid, more or less: steps, dags, loops, conditions, retries, hooks and data that is passed on. */
public final class SpecGenerator {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Dice dice;
    private final int templates;

    private SpecGenerator(Dice dice) {
        this.dice = dice;
        this.templates = dice.between(2, 6);
    }

    /** A workflow named {@code wf}. */
    public static JsonNode workflow(Dice dice) {
        ObjectNode workflow = NODES.objectNode();
        workflow.put("apiVersion", "argoproj.io/v1alpha1");
        workflow.put("kind", "Workflow");
        workflow.putObject("metadata").put("name", "wf");
        workflow.set("spec", new SpecGenerator(dice).spec());
        return workflow;
    }

    private ObjectNode spec() {
        ObjectNode spec = NODES.objectNode();
        spec.put("entrypoint", "t0");
        sometimes(3, () -> spec.put("parallelism", dice.between(1, 4)));
        sometimes(4, () -> spec.put("onExit", "t" + (templates - 1)));
        sometimes(10, () -> spec.put("activeDeadlineSeconds", dice.between(1, 100)));
        parameter(spec.putObject("arguments"), "g", "global");
        ArrayNode list = spec.putArray("templates");
        for (int i = 0; i < templates; i++) {
            list.add(template(i));
        }
        return spec;
    }

    private ObjectNode template(int index) {
        ObjectNode template = NODES.objectNode();
        template.put("name", "t" + index);
        parameter(template.putObject("inputs"), "p", "default");
        sometimes(5, () -> template.set("retryStrategy", retry()));
        if (index == templates - 1 || (index > 0 && dice.oneIn(4))) {
            leaf(template);
            return template;
        }
        sometimes(5, () -> template.put("parallelism", dice.between(1, 3)));
        sometimes(8, () -> template.put("failFast", dice.coin()));
        if (dice.coin()) {
            steps(template.putArray("steps"), index);
        } else {
            tasks(template.putObject("dag"), index);
        }
        return template;
    }

    private void leaf(ObjectNode template) {
        switch (dice.below(8)) {
            case 0 -> template.putObject("suspend").put("duration", dice.between(1, 90) + "s");
            case 1 -> template.putObject("suspend");
            case 2 -> {
                ObjectNode script = template.putObject("script").put("image", "busybox");
                script.put("source", "echo {{inputs.parameters.p}}");
                script.putArray("command").add("sh");
            }
            default -> {
                template.putObject("container")
                        .put("image", "busybox")
                        .putArray("args")
                        .add("{{inputs.parameters.p}}");
                sometimes(8, () -> template.put("daemon", true));
                sometimes(6, () -> template.put("timeout", dice.between(1, 60) + "s"));
            }
        }
    }

    private void steps(ArrayNode steps, int self) {
        int groups = dice.between(1, 3);
        for (int g = 0; g < groups; g++) {
            ArrayNode group = steps.addArray();
            int width = dice.between(1, 3);
            for (int s = 0; s < width; s++) {
                group.add(unit("s" + g + s, self, g == 0 ? "" : "steps.s" + (g - 1) + "0"));
            }
        }
    }

    private void tasks(ObjectNode dag, int self) {
        sometimes(4, () -> dag.put("failFast", dice.coin()));
        ArrayNode tasks = dag.putArray("tasks");
        int count = dice.between(1, 6);
        for (int t = 0; t < count; t++) {
            List<String> dependencies = new ArrayList<>();
            for (int d = 0; d < t; d++) {
                if (dice.oneIn(3)) {
                    dependencies.add("k" + d);
                }
            }
            String before = dependencies.isEmpty() ? "" : "tasks." + dependencies.getFirst();
            ObjectNode task = unit("k" + t, self, before);
            task.remove("continueOn");
            if (!dependencies.isEmpty()) {
                String result = dice.pick(List.of("", "", ".Succeeded", ".Failed", ".AnySucceeded", ".Skipped"));
                String operator = dice.coin() ? " && " : " || ";
                task.put("depends", String.join(result + operator, dependencies));
            }
            tasks.add(task);
        }
    }

    private ObjectNode unit(String name, int self, String before) {
        ObjectNode unit = NODES.objectNode();
        unit.put("name", name);
        unit.put("template", "t" + dice.between(self + 1, templates - 1));
        boolean loops = false;
        switch (dice.below(8)) {
            case 0 -> {
                unit.putObject("withSequence").put("count", dice.below(4));
                loops = true;
            }
            case 1 -> {
                unit.putArray("withItems").add("p").add(7).addObject().put("a", 1);
                loops = true;
            }
            case 2 -> {
                unit.put("withParam", before.isEmpty() ? "[1,2]" : "{{" + before + ".outputs.result}}");
                loops = true;
            }
            case 3 -> unit.put("when", dice.pick(List.of("1 == 1", "0 == 1", "{{inputs.parameters.p}} != x", "true")));
            default -> {}
        }
        String value = loops
                ? "{{item}}"
                : dice.pick(List.of(
                        "{{inputs.parameters.p}}",
                        "{{workflow.name}}",
                        "{{=1 + len(inputs.parameters.p)}}",
                        "{{workflow.parameters.g}}"));
        parameter(unit.putObject("arguments"), "p", value);
        sometimes(5, () -> unit.putObject("continueOn").put("failed", true).put("error", dice.coin()));
        sometimes(8, () -> hooks(unit));
        return unit;
    }

    private void hooks(ObjectNode unit) {
        ObjectNode hooks = unit.putObject("hooks");
        sometimes(2, () -> hooks.putObject("exit").put("template", "t" + (templates - 1)));
        sometimes(
                2,
                () -> hooks.putObject("running")
                        .put("template", "t" + (templates - 1))
                        .put("expression", "workflow.status == \"Running\""));
    }

    private ObjectNode retry() {
        ObjectNode retry = NODES.objectNode();
        sometimes(2, () -> retry.put("limit", dice.below(4)));
        sometimes(2, () -> retry.put("retryPolicy", dice.pick(List.of("Always", "OnFailure", "OnError"))));
        sometimes(3, () -> retry.putObject("backoff").put("duration", "5s").put("factor", 2));
        sometimes(5, () -> retry.put("expression", "asInt(lastRetry.exitCode) > 1"));
        return retry;
    }

    private static void parameter(ObjectNode holder, String name, String value) {
        holder.putArray("parameters").addObject().put("name", name).put("value", value);
    }

    private void sometimes(int times, Runnable action) {
        if (dice.oneIn(times)) {
            action.run();
        }
    }
}
