package io.tiphys.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.tiphys.api.ApiJson;
import io.tiphys.api.Manifests;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.NodeType;
import io.tiphys.api.Outputs;
import io.tiphys.api.Template;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.api.selector.NodeFieldSelector;
import io.tiphys.engine.Command;
import io.tiphys.engine.EngineSettings;
import io.tiphys.engine.Input;
import io.tiphys.engine.MetricSample;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.Run;
import io.tiphys.engine.Shutdown;
import io.tiphys.engine.Transition;
import io.tiphys.engine.definition.References;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One workflow and what happens to it, told step by step.
 *
 * <p>{@code given(yaml).submitted().pod("main").fails(1).after("10s").then(node("main(1)").is(PENDING))}: nodes and pods go by
 * full name or by display name. Each {@link #then} also checks that replay, restore and resync come out the same.
 */
public final class Scenario {
    private final Journal journal;
    private final Taken taken = new Taken();
    private final Map<String, FakePod> pods = new LinkedHashMap<>();
    private final Map<String, Template> tasks = new LinkedHashMap<>();
    private final List<Command> ends = new ArrayList<>();
    private final List<MetricSample> metrics = new ArrayList<>();
    private final Map<String, Command.LookUpCache> lookups = new LinkedHashMap<>();
    private final Map<String, Command.SaveCache> saves = new LinkedHashMap<>();
    private final Timers timers = new Timers();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Workflow workflow;
    private final References references;
    private final Map<String, Map<String, String>> limits;
    private final LockKeeper locks;

    private Scenario(
            Workflow workflow, References references, Map<String, Map<String, String>> limits, Journal journal) {
        this.workflow = workflow;
        this.references = references;
        this.limits = limits;
        this.journal = journal;
        this.locks = new LockKeeper(
                workflow.getMetadata().getNamespace(), workflow.getMetadata().getName(), limits);
    }

    /** A scenario about the one workflow among the documents; templates and ConfigMaps among them are at hand. */
    public static Scenario given(String yaml) {
        Documents documents = Documents.of(Manifests.read(yaml));
        if (documents.workflows().isEmpty()) {
            throw new IllegalArgumentException("a scenario needs a Workflow");
        }
        Workflow workflow = documents.workflows().getLast();
        return new Scenario(
                workflow, documents.references(), documents.limits(), new Journal(workflow, documents.references()));
    }

    /** A scenario about a workflow with this spec, indented as below {@code spec:}. */
    public static Scenario givenSpec(String spec) {
        return given(
                "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\nmetadata:\n  name: wf\nspec:\n" + spec.indent(2));
    }

    /** The same workflow, not yet begun, under an operator's settings. */
    public Scenario under(EngineSettings settings) {
        return new Scenario(workflow, references, limits, new Journal(workflow, references, settings));
    }

    /** The same workflow taken up by somebody who knows nothing but its status and its pods. */
    public Scenario adopted() {
        WorkflowStatus status = ApiJson.mapper().convertValue(journal.run().status(), WorkflowStatus.class);
        Scenario heir = new Scenario(workflow, references, limits, Journal.adopting(workflow, references, status));
        heir.now = now;
        heir.journal.resume(now);
        pods.forEach((id, pod) -> heir.pods.put(id, pod.copy()));
        heir.pods.keySet().removeIf(id -> heir.run().node(id) == null);
        heir.run().pendingCommands().forEach(heir::obey);
        return heir;
    }

    /** The workflow taken up as the status in its manifest left it, at the latest time that the status tells. */
    public Scenario takenUp() {
        return takenUp(false);
    }

    /** The same, but the pods that ran are gone. */
    public Scenario takenUpWithoutPods() {
        return takenUp(true);
    }

    private Scenario takenUp(boolean podsAreGone) {
        WorkflowStatus status = workflow.getStatus();
        if (status == null || status.nodes().isEmpty()) {
            return submitted();
        }
        Instant latest = status.nodes().values().stream()
                .flatMap(node -> Stream.of(node.startedAt(), node.finishedAt()))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(now);
        References frozen = references.frozenBy(workflow);
        Scenario heir = new Scenario(workflow, frozen, limits, Journal.adopting(workflow, frozen, status));
        heir.now = latest;
        if (!heir.run().phase().isFulfilled()) { // before it goes on
            heir.withShutdownOfSpec();
            if (podsAreGone) {
                heir.podsVanish(status);
            }
        }
        heir.journal.resume(latest);
        heir.run().pendingCommands().forEach(heir::obey);
        return heir;
    }

    private void podsVanish(WorkflowStatus status) {
        for (Node node : List.copyOf(run().nodes())) {
            NodeStatus left = status.nodes().get(node.id());
            if (left != null && left.startedAt() != null && node.isPodSeen() && !node.isFinal()) {
                input(new Input.PodObserved(node.id(), PodFacts.gone(node.podName()), now));
            }
        }
    }

    /** {@code spec.shutdown} of the manifest, which was set before anybody took the workflow up. */
    private Scenario withShutdownOfSpec() {
        Shutdown shutdown = Shutdown.of(workflow.getSpec().shutdown());
        return shutdown == null ? this : input(new Input.ShutdownRequested(shutdown, now));
    }

    public Run run() {
        return journal.run();
    }

    public Journal journal() {
        return journal;
    }

    public Instant now() {
        return now;
    }

    public Scenario submitted() {
        return input(new Input.Started(now)).withShutdownOfSpec();
    }

    /** Lets the engine take any input. */
    public Scenario input(Input input) {
        Transition transition = journal.step(input);
        taken.note(input, transition);
        transition.removedNodeIds().forEach(pods::remove);
        transition.commands().forEach(this::obey);
        locks.answers(now).forEach(this::input);
        return this;
    }

    /** Another workflow takes this mutex, named as in status: {@code default/Mutex/name}. */
    public Scenario otherHolds(String mutex) {
        locks.hold(mutex);
        return this;
    }

    /** The other workflow is done with the mutex. */
    public Scenario otherReleases(String mutex) {
        locks.release(mutex);
        locks.answers(now).forEach(this::input);
        return this;
    }

    /** Who holds a lock, as the table of all locks knows it. */
    List<String> holdersOf(String lock) {
        return locks.holders(lock);
    }

    private void obey(Command command) {
        switch (command) {
            case Command.EnsurePod order -> {
                pods.putIfAbsent(order.nodeId(), new FakePod(order));
                ends.removeIf(end -> isEndOf(end, order.nodeId())); // that was another pod's
            }
            case Command.EndPod end -> ends.add(end);
            case Command.RunTask(var nodeId, var template) -> tasks.put(nodeId, template);
            case Command.DropTask(var nodeId) -> tasks.remove(nodeId);
            case Command.StartTimer(var key, var at) -> timers.start(key, at);
            case Command.CancelTimer(var key) -> timers.cancel(key);
            case Command.RecordMetric(var sample) -> metrics.add(sample);
            case Command.LookUpCache look -> lookups.put(look.nodeId(), look);
            case Command.SaveCache save -> saves.put(save.nodeId(), save);
            case Command.AcquireLocks acquire -> locks.obey(acquire);
            case Command.ReleaseLocks release -> locks.obey(release);
            case Command.CompleteWorkflow _ -> {}
        }
    }

    /** Time goes by, and timers fire in order. */
    public Scenario after(String duration) {
        Duration length = GoDuration.parseOrSeconds(duration).orElseThrow();
        Instant until = now.plus(length);
        for (var due = timers.due(until); due.isPresent(); due = timers.due(until)) {
            now = due.get().at();
            input(new Input.TimerFired(due.get().key(), now));
        }
        now = until;
        return this;
    }

    public Scenario stopped() {
        return input(new Input.ShutdownRequested(Shutdown.STOP, now));
    }

    public Scenario terminated() {
        return input(new Input.ShutdownRequested(Shutdown.TERMINATE, now));
    }

    public Scenario suspended() {
        return input(new Input.SuspendRequested(now));
    }

    public Scenario resumed() {
        return input(new Input.ResumeRequested(NodeFieldSelector.ALL, now));
    }

    public Scenario resumed(String selector) {
        return input(new Input.ResumeRequested(NodeFieldSelector.parse(selector), now));
    }

    public Scenario retried() {
        return input(new Input.RetryRequested(false, NodeFieldSelector.ALL, List.of(), now));
    }

    /** {@code argo retry --restart-successful --node-field-selector …}, with parameters as {@code name=value}. */
    public Scenario retried(String restartSuccessful, String... parameters) {
        return input(
                new Input.RetryRequested(true, NodeFieldSelector.parse(restartSuccessful), List.of(parameters), now));
    }

    /** What caches were asked for and haven't answered. */
    public List<Command.LookUpCache> openLookups() {
        return List.copyOf(lookups.values());
    }

    /** What caches are to keep and haven't yet. */
    public List<Command.SaveCache> openSaves() {
        return List.copyOf(saves.values());
    }

    /** The cache of this node has outputs that were saved at this time. */
    public Scenario cacheHas(String node, Outputs outputs, Instant createdAt) {
        return cacheAnswers(node, createdAt, outputs, null);
    }

    /** The cache of this node has nothing. */
    public Scenario cacheLacks(String node) {
        return cacheAnswers(node, null, null, null);
    }

    /** The cache of this node can't be used. */
    public Scenario cacheFails(String node, String message) {
        return cacheAnswers(node, null, null, message);
    }

    private Scenario cacheAnswers(
            String node, @Nullable Instant createdAt, @Nullable Outputs outputs, @Nullable String failure) {
        Command.LookUpCache asked = lookups.remove(find(node).id());
        if (asked == null) {
            return fail("no cache was asked for " + node);
        }
        return input(new Input.CacheLookedUp(asked.nodeId(), asked.key(), createdAt, outputs, failure, now));
    }

    /** What the cache of this node is to keep, which it does. */
    public Command.SaveCache savedOf(String node) {
        Command.SaveCache save = saves.remove(find(node).id());
        if (save == null) {
            return fail("nothing was saved of " + node);
        }
        input(new Input.CacheSaved(save.nodeId(), now));
        return save;
    }

    /** Values of the workflow's own metrics, in the order in which they were told. */
    public List<MetricSample> metrics() {
        return metrics;
    }

    public boolean isSaved(String node) {
        return saves.containsKey(find(node).id());
    }

    /** What happens to the pod of this node. */
    public PodStory pod(String node) {
        FakePod pod = pods.get(find(node).id());
        if (pod == null) {
            return fail("no pod was ordered for " + node);
        }
        return new PodStory(this, pod);
    }

    /** What the agent does about this node. */
    public TaskStory task(String node) {
        String id = find(node).id();
        Template template = tasks.get(id);
        if (template == null) {
            return fail("no task was ordered for " + node);
        }
        return new TaskStory(this, id, template);
    }

    boolean isTask(Node node) {
        return tasks.containsKey(node.id());
    }

    /** True if the agent had anything to do. */
    private boolean everyTaskSucceeds() {
        Map<String, Template> open = Map.copyOf(tasks);
        open.forEach((id, template) -> new TaskStory(this, id, template).succeeds());
        return !open.isEmpty();
    }

    /** All pods and tasks that were ordered and still run succeed, again and again until there are none. */
    public Scenario everyPodSucceeds() {
        for (int rounds = 0; rounds < 10_000; rounds++) {
            List<FakePod> open =
                    pods.values().stream().filter(pod -> !pod.hasEnded()).toList();
            if (!everyTaskSucceeds() && open.isEmpty()) {
                return this;
            }
            open.forEach(pod -> new PodStory(this, pod).succeeds());
        }
        return fail("pods without end");
    }

    /** Pods succeed and timers fire until the workflow is done or waits for somebody; daemons only become ready. */
    public Scenario runsByItself() {
        for (int rounds = 0; rounds < 10_000; rounds++) {
            List<FakePod> open = pods.values().stream()
                    .filter(pod -> !pod.hasEnded() && !pod.isReadyDaemon())
                    .toList();
            open.forEach(pod -> {
                PodStory story = new PodStory(this, pod);
                story.runs();
                if (!pod.isReadyDaemon()) {
                    story.succeeds();
                }
            });
            if (!everyTaskSucceeds() && open.isEmpty()) {
                Optional<Instant> next = timers.next();
                if (next.isEmpty() || journal.run().phase().isFulfilled()) {
                    return this;
                }
                after(GoDuration.format(Duration.between(now, next.get())));
            }
        }
        return fail("pods without end");
    }

    /** Orders for pods whose nodes are still open, in the order in which they were given. */
    public List<Command.EnsurePod> openOrders() {
        return pods.values().stream()
                .map(FakePod::order)
                .filter(order -> {
                    Node node = journal.run().node(order.nodeId());
                    return node != null && !node.isFinal();
                })
                .toList();
    }

    /** Whether the pod of this node was asked to end. */
    public boolean isAskedToEnd(String nodeId) {
        return ends.stream().anyMatch(command -> isEndOf(command, nodeId));
    }

    private static boolean isEndOf(Command command, String nodeId) {
        return command instanceof Command.EndPod end && end.nodeId().equals(nodeId);
    }

    /** When the next timer is due. */
    public Optional<Instant> nextTimer() {
        return timers.next();
    }

    /** What must be so now; the ways back are checked as well. */
    public Scenario then(Expectation... expectations) {
        for (Expectation expectation : expectations) {
            expectation.check(this);
        }
        journal.replayIsTheSame();
        journal.restoreIsTheSame(now);
        journal.resyncChangesNothing();
        return this;
    }

    /** The node with this full name, or the only one with this display name. */
    Node find(String name) {
        Node found = findOrNull(name);
        if (found == null) {
            List<String> names = journal.run().nodes().stream().map(Node::name).toList();
            return fail("no node \"" + name + "\"; there are " + names);
        }
        return found;
    }

    @Nullable
    Node findOrNull(String name) {
        Node byDisplayName = null;
        for (Node node : journal.run().nodes()) {
            if (node.name().equals(name)) {
                return node;
            }
            if (node.displayName().equals(name)) {
                if (byDisplayName != null) {
                    fail("both " + byDisplayName.name() + " and " + node.name() + " are displayed as " + name);
                }
                byDisplayName = node;
            }
        }
        return byDisplayName;
    }

    boolean isOrdered(Node node) {
        return pods.containsKey(node.id());
    }

    Command.EnsurePod order(Node node) {
        FakePod pod = pods.get(node.id());
        assertThat(pod).as("order for the pod of " + node.name()).isNotNull();
        return pod == null ? fail("no order") : pod.order();
    }

    List<Command> ends() {
        return ends;
    }

    /** How many pods run or are about to. */
    long activePods() {
        return journal.run().nodes().stream()
                .filter(node -> node.type() == NodeType.POD && !node.isFinal())
                .count();
    }
}
