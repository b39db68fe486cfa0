package io.tiphys.engine.launch;

import io.tiphys.api.Inputs;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeType;
import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;
import io.tiphys.engine.Origin;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.definition.CompiledTemplate;
import io.tiphys.engine.definition.TemplateKind;
import io.tiphys.engine.definition.WorkflowDefinition;
import io.tiphys.engine.scope.InputsResolver;
import org.jspecify.annotations.Nullable;

/** Turns calls into nodes. */
public final class Launcher {
    private static final String TOO_DEEP =
            "Maximum recursion depth exceeded. See https://argo-workflows.readthedocs.io/en/latest/scaling/#maximum-recursion-depth";

    private Launcher() {}

    /** Adds the node for a call, or a node in error that says what is wrong with it. */
    public static void launch(Draft draft, Call call) {
        Run run = draft.run();
        if (isTooDeep(call.boundary(), run.definition().settings().limits().depth())) {
            addEnded(draft, call, NodePhase.ERROR, TOO_DEEP);
            return;
        }
        CompiledTemplate caller =
                call.boundary() == null ? null : call.boundary().template();
        switch (run.definition().resolve(caller, call.callee(), call.unit(), call.scope())) {
            case WorkflowDefinition.Resolution.NotFound(var message) ->
                addEnded(draft, call, NodePhase.ERROR, told(call, message));
            case WorkflowDefinition.Resolution.Found(var template) -> {
                boolean isHook = call.origin().kind() == Origin.Kind.HOOK
                        || call.origin().kind() == Origin.Kind.EXIT_HOOK;
                CallScope scope = new CallScope(call, template);
                switch (InputsResolver.resolve(template, call.arguments(), scope, scope.ofNode(), run, isHook)) {
                    case InputsResolver.Outcome.Problem(var message, var ofArgument) ->
                        addEnded(draft, call, NodePhase.ERROR, ofArgument ? message : told(call, message));
                    case InputsResolver.Outcome.Resolved(var inputs) -> start(draft, call, template, inputs);
                }
            }
        }
    }

    private static String told(Call call, String message) {
        Origin.Kind kind = call.origin().kind();
        return kind == Origin.Kind.TASK || kind == Origin.Kind.ITEM
                ? Faults.told(call.boundary(), CallScope.nodeName(call), message)
                : message;
    }

    private static void start(Draft draft, Call call, CompiledTemplate template, @Nullable Inputs inputs) {
        if (template.retryStrategy() != null) {
            add(draft, call, NodeType.RETRY, NodePhase.RUNNING, null, template, inputs);
        } else {
            startAttempt(draft, call, template, inputs);
        }
    }

    /** Adds the next attempt below a retry node. */
    public static void attempt(Draft draft, Node retry, CompiledTemplate template, int attempt) {
        Origin origin = Origin.of(Origin.Kind.ATTEMPT, attempt);
        Call call = new Call(
                retry,
                retry.boundary(),
                origin,
                io.tiphys.engine.definition.Callee.ofTemplate(template.name()),
                "",
                io.tiphys.engine.definition.CompiledArguments.NONE,
                draft.run().scope(),
                retry.isOnExit());
        startAttempt(draft, call, template, retry.inputs());
    }

    private static void startAttempt(Draft draft, Call call, CompiledTemplate template, @Nullable Inputs inputs) {
        TemplateKind kind = template.kind();
        switch (kind) {
            case STEPS, DAG -> add(draft, call, kind.nodeType(), NodePhase.RUNNING, null, template, inputs);
            case NOTHING ->
                addEnded(draft, call, NodePhase.ERROR, "Template '" + template.name() + "' missing specification");
            case CONTAINER, SCRIPT, CONTAINER_SET, RESOURCE, DATA, SUSPEND, HTTP, PLUGIN -> {
                String refusal = kind == TemplateKind.HTTP || kind == TemplateKind.PLUGIN
                        ? refusalOfTask(draft.run(), call.onExit())
                        : refusal(draft.run(), call.onExit());
                NodePhase phase = refusal != null
                        ? NodePhase.FAILED
                        : kind == TemplateKind.SUSPEND ? NodePhase.RUNNING : NodePhase.PENDING;
                add(draft, call, kind.nodeType(), phase, refusal, template, inputs);
            }
        }
    }

    /** Why nothing may start any more, or null. */
    public static @Nullable String refusal(Run run, boolean onExit) {
        Shutdown shutdown = run.shutdown();
        if (shutdown != null && !(onExit && shutdown == Shutdown.STOP)) {
            return "workflow shutdown with strategy: " + shutdown.text();
        }
        return run.isDeadlinePassed() && !onExit ? "Step exceeded its deadline" : null;
    }

    /** As {@link #refusal}, in the words that Argo has for nodes without pods. */
    private static @Nullable String refusalOfTask(Run run, boolean onExit) {
        Shutdown shutdown = run.shutdown();
        String refusal = refusal(run, onExit);
        return refusal != null && shutdown != null ? "Stopped with strategy '" + shutdown.text() + "'" : refusal;
    }

    /** Adds a node that never ran: skipped, omitted, or in error before it began. */
    public static void addEnded(Draft draft, Call call, NodePhase phase, String message) {
        add(draft, call, NodeType.SKIPPED, phase, message, null, null);
    }

    private static void add(
            Draft draft,
            Call call,
            NodeType type,
            NodePhase phase,
            @Nullable String message,
            @Nullable CompiledTemplate template,
            @Nullable Inputs inputs) {
        Node parent = call.parent();
        Node boundary = call.boundary();
        boolean waits = template != null
                && (template.memoize() != null || template.synchronization() != null)
                && call.origin().kind() != Origin.Kind.ATTEMPT;
        draft.add(new Event.NodeAdded(
                draft.nextSeq(),
                parent == null ? -1 : parent.seq(),
                boundary == null ? -1 : boundary.seq(),
                call.origin(),
                type,
                waits && phase == NodePhase.RUNNING ? NodePhase.PENDING : phase,
                template == null ? null : template.key(),
                message,
                inputs,
                call.onExit(),
                draft.at()));
    }

    private static boolean isTooDeep(@Nullable Node boundary, int limit) {
        int depth = 0;
        for (Node node = boundary; node != null && depth < limit; node = node.boundary()) {
            depth++;
        }
        return depth >= limit;
    }
}
