package io.tiphys.engine.suspend;

import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Parameter;
import io.tiphys.engine.Command;
import io.tiphys.engine.Deadlines;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.TimerKey;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.launch.Faults;
import io.tiphys.engine.scope.GlobalOutputs;
import io.tiphys.engine.scope.PodScope;
import io.tiphys.engine.scope.Texts;
import io.tiphys.expression.CompiledText;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A suspend node: {@code Running} until its time is up, it is resumed, set or stopped. */
public final class SuspendMachine {
    /** How the error of a node ends whose outputs nobody gave. */
    public static final String UNSET = "has not been set and does not have a default value";

    private SuspendMachine() {}

    /** The node has just begun: its outputs wait to be supplied, its time runs. */
    public static void attend(Draft draft, Node node) {
        CompiledTemplate template = node.template();
        if (template == null || node.isFinal()) {
            return;
        }
        Outputs supplied = supplied(template);
        if (node.outputs() == null && supplied != null) {
            draft.add(new Event.NodeOutputsChanged(node.seq(), supplied));
        }
        String text = durationText(node, template);
        if (text.isEmpty()) {
            return;
        }
        Optional<Duration> duration = GoDuration.parseOrSeconds(text);
        if (duration.isEmpty()) {
            end(draft, node, NodePhase.ERROR, "suspend duration \"" + text + "\" is no duration such as 10s or 2m");
            return;
        }
        Instant until = Deadlines.after(Instant.ofEpochMilli(node.startedAt()), duration.get());
        draft.add(new Command.StartTimer(TimerKey.suspend(node), until));
    }

    private static String durationText(Node node, CompiledTemplate template) {
        var suspend = template.template().suspend();
        String text = suspend == null ? null : suspend.duration();
        if (text == null) {
            return "";
        }
        return Texts.render(CompiledText.compile(text), new PodScope(node)) instanceof Texts.Outcome.Text(var rendered)
                ? rendered.strip()
                : text;
    }

    /** Supplied parameters without a value; a default may come from the input of the same name. */
    private static @Nullable Outputs supplied(CompiledTemplate template) {
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter output : template.template().outputs().parameters()) {
            if (output.valueFrom() == null || output.valueFrom().supplied() == null) {
                continue;
            }
            Parameter parameter = output;
            if (output.valueFrom().defaultValue() == null) {
                for (Parameter input : template.template().inputs().parameters()) {
                    if (input.name().equals(output.name()) && input.defaultValue() != null) {
                        parameter = output.withValueFrom(output.valueFrom().withDefaultValue(input.defaultValue()));
                    }
                }
            }
            parameters.add(parameter);
        }
        return parameters.isEmpty() ? null : new Outputs(parameters, List.of(), null, null);
    }

    public static boolean isActive(Node node) {
        return node.type() == NodeType.SUSPEND && !node.isFinal() && !node.lacksLocks();
    }

    /** Lets the node succeed: supplied outputs that nobody gave take their defaults, or the node is in error. */
    public static void resume(Draft draft, Node node) {
        resume(draft, node, node.outputs(), null);
    }

    private static void resume(Draft draft, Node node, @Nullable Outputs outputs, @Nullable String message) {
        if (!isActive(node)) {
            return;
        }
        if (outputs == null) {
            end(draft, node, NodePhase.SUCCEEDED, message);
            return;
        }
        List<Parameter> parameters = new ArrayList<>();
        for (Parameter parameter : outputs.parameters()) {
            if (parameter.value() != null) {
                parameters.add(parameter);
                continue;
            }
            String fallback =
                    parameter.valueFrom() == null ? null : parameter.valueFrom().defaultValue();
            if (fallback == null) {
                end(
                        draft,
                        node,
                        NodePhase.ERROR,
                        Faults.told(node, "raw output parameter '" + parameter.name() + "' " + UNSET));
                return;
            }
            parameters.add(parameter.withValue(fallback).withValueFrom(null));
        }
        Outputs complete = outputs.withParameters(parameters);
        if (!complete.equals(node.outputs())) {
            draft.add(new Event.NodeOutputsChanged(node.seq(), complete));
        }
        GlobalOutputs.add(draft, complete);
        end(draft, node, NodePhase.SUCCEEDED, message);
    }

    /** Argo's {@code node set}: values, message, phase. Values for outputs that the node hasn't are ignored. */
    public static void set(
            Draft draft, Node node, @Nullable NodePhase phase, @Nullable String message, Map<String, String> values) {
        if (!isActive(node)) {
            return;
        }
        Outputs outputs = node.outputs();
        if (outputs != null && !values.isEmpty()) {
            List<Parameter> parameters = new ArrayList<>();
            for (Parameter parameter : outputs.parameters()) {
                String value = values.get(parameter.name());
                parameters.add(
                        value == null ? parameter : parameter.withValue(value).withValueFrom(null));
            }
            outputs = outputs.withParameters(parameters);
            draft.add(new Event.NodeOutputsChanged(node.seq(), outputs));
        }
        if (message != null) {
            draft.add(new Event.NodeMessageChanged(node.seq(), message));
        }
        if (phase == NodePhase.SUCCEEDED) {
            resume(draft, node, outputs, message);
        } else if (phase != null && phase.isFulfilled()) {
            end(draft, node, phase, message);
        }
    }

    public static void end(Draft draft, Node node, NodePhase phase, @Nullable String message) {
        draft.add(new Event.NodePhaseChanged(node.seq(), phase, message, draft.at()));
        draft.add(new Command.CancelTimer(TimerKey.suspend(node)));
    }
}
