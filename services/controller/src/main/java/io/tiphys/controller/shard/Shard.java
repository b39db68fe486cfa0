package io.tiphys.controller.shard;

import io.tiphys.api.Workflow;
import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournalRecords;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.Message;
import io.tiphys.messages.WorkflowCommand;
import io.tiphys.messages.WorkflowEvent;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One shard: the single writer of its workflows. {@link #run} is its event loop, for a thread of its own; the steps of the loop
 * are there for whoever has a clock of his own.
 *
 * <ol>
 *   <li>{@link #begin}: read the shard's journal and restore the runs of workflows that aren't finished
 *   <li>wait until the watches have told all that there is ({@link ShardInput.Synced}), then carry on with each run
 *   <li>from then on, {@link #turn} by turn: take what has come in, let the engine decide, append the changes to the journal, and
 *       only then do what follows from them
 * </ol>
 *
 * <p>When the journal fails, what was written is unknown: the shard goes back to where it was ({@link #startOver}) and begins
 * again. Task results and commands that were not journaled by then are taken again; all else is told again by the watches.
 */
public final class Shard implements Runnable, ShardContext {
    private static final Logger LOG = LoggerFactory.getLogger(Shard.class);
    private static final int MAX_BATCH = 500;
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration FIRST_RESTART = Duration.ofMillis(500);
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(1);
    private static final Duration LEASE_PATIENCE = Duration.ofSeconds(30);

    private final int number;
    private final ShardServices services;
    private final Runnable resync;
    private final BlockingQueue<ShardInput> inputs = new LinkedBlockingQueue<>();
    private final Map<String, WorkflowDriver> workflows = new LinkedHashMap<>();

    /** Workflows whose journal says that they are over, and that have no run here. */
    private final Map<String, Finished> finished = new LinkedHashMap<>();

    private record Finished(WorkflowRef workflow, Ending how) {}

    private final JournalSweep sweep;
    private final List<ShardInput> parked = new ArrayList<>();

    /** Records from Kafka that were taken and are not in effect yet, by what is to be run when they are. */
    private final Map<Runnable, ShardInput> owed = new LinkedHashMap<>();

    private ShardTimers timers = new ShardTimers();
    private PodCommands requests;
    private boolean synced;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * A shard that does nothing until it is run.
     *
     * @param resync asks the watches to tell everything about this shard again, with a new {@link ShardInput.Synced}
     */
    public Shard(int number, ShardServices services, Runnable resync) {
        this.number = number;
        this.services = services;
        this.resync = resync;
        this.sweep = new JournalSweep(number, services, this::post);
        this.requests = new PodCommands(services.threads(), services.lease());
    }

    @Override
    public void run() {
        try {
            int failures = 0;
            while (!isStopping()) {
                long begun = System.nanoTime();
                try {
                    if (failures > 0) {
                        startOver();
                        if (stopped.await(
                                FIRST_RESTART
                                        .multipliedBy(1L << Math.min(failures, 5))
                                        .toMillis(),
                                TimeUnit.MILLISECONDS)) {
                            break;
                        }
                        resync.run();
                    }
                    begin();
                    while (turn(next())) {
                        LOG.trace("shard {} took a turn", number);
                    }
                } catch (JournalException e) {
                    LOG.warn("shard {} starts over: {}", number, e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("shard {} failed and starts over", number, e);
                }
                failures = System.nanoTime() - begun > LONG_ENOUGH.toNanos() ? 1 : failures + 1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end();
        }
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public boolean hasFinished(String uid) {
        return finished.containsKey(uid);
    }

    @Override
    public @Nullable Ending ending(String uid) {
        Finished known = finished.get(uid);
        return known == null ? null : known.how();
    }

    @Override
    public void rememberFinished(WorkflowRef workflow, Ending how) {
        finished.put(workflow.uid(), new Finished(workflow, how));
    }

    @Override
    public void forgetFinished(String uid) {
        finished.remove(uid);
    }

    @Override
    public ShardServices services() {
        return services;
    }

    @Override
    public ShardTimers timers() {
        return timers;
    }

    @Override
    public PodCommands requests() {
        return requests;
    }

    @Override
    public void post(ShardInput input) {
        inputs.add(input);
    }

    @Override
    public void announce(Message message) {
        services.journal().announce(List.of(services.records().toRecord(message)));
    }

    @Override
    public Instant now() {
        return services.clock().instant();
    }

    /** Makes the loop end, whatever it is at. From any thread. */
    public void stop() {
        stopped.countDown();
        post(new ShardInput.Stop());
    }

    private boolean isStopping() {
        return stopped.getCount() == 0;
    }

    /** Inputs that wait; when there are many, those who have more should hold back. */
    public int backlog() {
        return inputs.size();
    }

    /** Forgets what can't be relied on any more; {@link #begin} is next. */
    public void startOver() {
        services.metrics().counter("tiphys.shard.restarts").increment();
        requests.close();
        requests = new PodCommands(services.threads(), services.lease());
        timers = new ShardTimers();
        workflows.values().forEach(WorkflowDriver::forgotten);
        workflows.clear();
        finished.clear();
        sweep.clear();
        parked.clear();
        parked.addAll(owed.values());
        synced = false;
    }

    /** Does nothing more. */
    public void end() {
        requests.close();
        workflows.values().forEach(WorkflowDriver::forgotten);
        LOG.debug("shard {} ended", number);
    }

    /**
     * Restores the runs.
     *
     * @throws JournalException if the journal can't be read
     */
    public void begin() throws InterruptedException {
        long started = System.nanoTime();
        requireLease();
        Map<String, JournaledRun> journaled = services.journal().open(number);
        journaled.forEach((uid, run) -> {
            if (run.ending().isPresent()) {
                finished.put(uid, new Finished(run.workflow(), run.ending().get()));
                return;
            }
            WorkflowDriver driver = new WorkflowDriver(run.workflow(), this);
            driver.restore(run);
            workflows.put(uid, driver);
        });
        journaled.clear();
        if (!workflows.isEmpty() || !finished.isEmpty()) {
            LOG.info(
                    "shard {} restored {} workflows, and {} are over, in {} ms",
                    number,
                    workflows.size(),
                    finished.size(),
                    Duration.ofNanos(System.nanoTime() - started).toMillis());
        }
    }

    /** A turn with what has come in so far; never waits for more. False once the shard was told to stop. */
    public boolean turn() throws InterruptedException {
        List<ShardInput> came = new ArrayList<>();
        inputs.drainTo(came, MAX_BATCH);
        return turn(came);
    }

    /** When there is something to do for a turn though nothing comes in. */
    public Optional<Instant> nextTimer() {
        return timers.next();
    }

    /** The workflows that the shard knows, by uid. */
    Map<String, WorkflowDriver> workflows() {
        return workflows;
    }

    private boolean turn(List<ShardInput> came) throws InterruptedException {
        Batch batch = new Batch();
        for (ShardInput input : came) {
            dispatch(input, batch);
        }
        for (TimerKey key : timers.due(now())) {
            WorkflowDriver driver = workflows.get(key.uid());
            if (driver != null) {
                driver.timerFired(key, batch);
            }
        }
        sweep.go();
        commit(batch);
        batch.processed().forEach(done -> {
            owed.remove(done);
            done.run();
        });
        return !isStopping();
    }

    private void commit(Batch batch) throws InterruptedException {
        List<ProducerRecord<String, byte[]>> records = batch.records();
        if (!records.isEmpty()) {
            requireLease();
            services.journal().append(records);
        }
        batch.afterwards().forEach(this::doNext);
    }

    private void requireLease() throws InterruptedException {
        if (!services.lease().await(LEASE_PATIENCE)) {
            throw new JournalException("nobody confirms that this replica still owns the shard", null);
        }
    }

    /** What one workflow makes impossible must not stop the others; the run's state says what is still to be done. */
    private void doNext(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            services.metrics().counter("tiphys.shard.failures").increment();
            LOG.error("shard {} could not carry out something that it decided; it goes on with the rest", number, e);
        }
    }

    /** What has come in, waiting until something has or a timer is due. */
    private List<ShardInput> next() throws InterruptedException {
        Duration patience = timers.next()
                .map(at -> Duration.between(now(), at))
                .map(until -> until.isNegative() ? Duration.ZERO : until)
                .filter(until -> until.compareTo(IDLE) < 0)
                .orElse(IDLE);
        List<ShardInput> batch = new ArrayList<>();
        ShardInput first = inputs.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
        if (first != null) {
            Duration rest = services.pace().rest(System.nanoTime());
            if (rest.isPositive()) {
                TimeUnit.NANOSECONDS.sleep(rest.toNanos());
            }
            batch.add(first);
            inputs.drainTo(batch, MAX_BATCH - 1);
            services.pace().took(batch.size(), System.nanoTime());
        }
        return batch;
    }

    private void dispatch(ShardInput input, Batch batch) {
        if (input instanceof ShardInput.Stop) {
            stopped.countDown();
            return;
        }
        if (input instanceof ShardInput.Synced all) {
            sync(all, batch);
            return;
        }
        switch (input) {
            case ShardInput.ResultArrived(var _, var done) -> owed.put(done, input);
            case ShardInput.CommandArrived(var _, var done) -> owed.put(done, input);
            default -> {}
        }
        if (!synced) {
            parked.add(input);
            return;
        }
        apply(input, batch);
    }

    /** Everything that exists has been told: workflows first, then pods, then what came in meanwhile; the rest is gone. */
    private void sync(ShardInput.Synced all, Batch batch) {
        boolean isFirst = !synced;
        synced = true;
        List<ShardInput> waiting = List.copyOf(parked);
        parked.clear();
        Set<String> gone = new HashSet<>();
        for (ShardInput input : waiting) {
            if (input instanceof ShardInput.WorkflowGone(var workflow)) {
                gone.add(workflow.getMetadata().getUid());
            }
        }
        for (Workflow workflow : all.workflows()) {
            if (!gone.contains(workflow.getMetadata().getUid())) {
                seen(workflow, all.generation(), batch);
            }
        }
        all.pods().forEach(pod -> with(pod.workflowUid(), driver -> driver.observed(pod, all.generation(), batch)));
        waiting.forEach(input -> apply(input, batch));
        for (WorkflowDriver driver : List.copyOf(workflows.values())) {
            if (driver.isUnseenBy(all.generation())) {
                remove(driver.ref().uid(), batch);
            } else {
                driver.synced(all.generation(), batch);
                if (isFirst) {
                    driver.carryOn(batch);
                }
            }
        }
        if (isFirst) {
            finished.keySet().stream()
                    .filter(uid -> !workflows.containsKey(uid))
                    .toList()
                    .forEach(uid -> deletedUnwatched(uid, batch));
            batch.afterwards(() -> services.locks().check(number));
        }
    }

    /** A workflow that is over was deleted while nobody watched. */
    private void deletedUnwatched(String uid, Batch batch) {
        Finished known = finished.remove(uid);
        sweep.add(uid);
        if (known != null) {
            WorkflowRef ref = known.workflow();
            batch.afterwards(() -> announce(new WorkflowEvent(WorkflowEvent.Type.DELETED, ref, now(), "", null, null)));
        }
    }

    private void apply(ShardInput input, Batch batch) {
        switch (input) {
            case ShardInput.WorkflowSeen(var workflow, var generation) -> seen(workflow, generation, batch);
            case ShardInput.WorkflowGone(var workflow) ->
                remove(workflow.getMetadata().getUid(), batch);
            case ShardInput.PodSeen(var pod, var generation) ->
                with(pod.workflowUid(), driver -> driver.observed(pod, generation, batch));
            case ShardInput.PodGone(var pod) -> with(pod.workflowUid(), driver -> driver.podGone(pod, batch));
            case ShardInput.ResultArrived(var result, var done) -> {
                WorkflowDriver driver = workflows.get(result.workflow().uid());
                Runnable settled = () -> { // a report that is kept may be settled outside of a turn
                    owed.remove(done);
                    done.run();
                };
                if (driver == null || !driver.keeps(result, settled, batch)) {
                    batch.processed(settled);
                }
            }
            case ShardInput.CommandArrived arrived -> {
                WorkflowCommand command = arrived.command();
                workflows
                        .computeIfAbsent(command.workflow().uid(), _ -> new WorkflowDriver(command.workflow(), this))
                        .command(arrived, batch);
            }
            case ShardInput.Prepared(var uid, var outcome) -> with(uid, driver -> driver.prepared(outcome, batch));
            case ShardInput.Reloaded(var uid, var journaled) -> with(uid, driver -> driver.reloaded(journaled, batch));
            case ShardInput.PodEnsured(var uid, var nodeId) -> with(uid, driver -> driver.podEnsured(nodeId, batch));
            case ShardInput.NodeAdopted(var uid, var node) -> with(uid, driver -> driver.adopted(node, batch));
            case ShardInput.Observed(var uid, var observed) -> with(uid, driver -> driver.observed(observed, batch));
            case ShardInput.PodRefused(var uid, var nodeId, var message, var isTransient) ->
                with(uid, driver -> driver.podRefused(nodeId, message, isTransient, batch));
            case ShardInput.PodUntidy(var uid, var pod, var deletes) ->
                with(uid, driver -> driver.podUntidy(pod, deletes));
            case ShardInput.CacheUnavailable(var uid, var look, var failures) ->
                with(uid, driver -> driver.cacheUnavailable(look, failures));
            case ShardInput.AgentEnsured(var uid, var failure, var isTransient) ->
                with(uid, driver -> driver.agentEnsured(failure, isTransient));
            case ShardInput.TasksWritten written -> with(written.uid(), driver -> driver.tasksWritten(written));
            case ShardInput.TaskRefused(var uid, var nodeId, var message) ->
                with(uid, driver -> driver.taskRefused(nodeId, message, batch));
            case ShardInput.StatusWritten written ->
                with(written.uid(), driver -> driver.statusWritten(written, batch));
            case ShardInput.AftermathFailed(var uid, var failure) ->
                with(uid, driver -> driver.aftermathFailed(failure));
            case ShardInput.LockAnswered(var answer) -> {
                WorkflowDriver driver = workflows.get(answer.workflow().uid());
                if (driver == null) {
                    services.locks().releaseAll(answer.workflow().uid());
                } else {
                    driver.lockAnswered(answer, batch);
                }
            }
            case ShardInput.LocksKnown(var standing) -> {
                standing.keySet().stream()
                        .filter(uid -> !workflows.containsKey(uid))
                        .forEach(services.locks()::releaseAll);
                workflows.forEach((uid, driver) -> driver.locksKnown(standing.getOrDefault(uid, List.of()), batch));
            }
            case ShardInput.JournalSwept(var found) -> sweep.swept(found, new Known(), batch);
            case ShardInput.Synced _, ShardInput.Stop _ -> throw new IllegalStateException("dealt with before");
        }
    }

    private final class Known implements JournalSweep.Known {
        @Override
        public boolean mayGetARun(String uid) {
            WorkflowDriver driver = workflows.get(uid);
            return driver != null && driver.active() == null && !finished.containsKey(uid);
        }

        @Override
        public boolean counts(String uid, String nodeId) {
            WorkflowDriver driver = workflows.get(uid);
            if (driver == null) {
                return false;
            }
            Active active = driver.active();
            boolean isOfNode = !nodeId.isEmpty() && !nodeId.equals(JournalRecords.DEFINITION);
            return active == null || !isOfNode || active.run().node(nodeId) != null;
        }
    }

    private void seen(Workflow workflow, int generation, Batch batch) {
        var meta = workflow.getMetadata();
        workflows
                .computeIfAbsent(
                        meta.getUid(),
                        uid -> new WorkflowDriver(new WorkflowRef(meta.getNamespace(), meta.getName(), uid), this))
                .seen(workflow, generation, batch);
    }

    private void with(String uid, Consumer<WorkflowDriver> action) {
        WorkflowDriver driver = workflows.get(uid);
        if (driver != null) {
            action.accept(driver);
        }
    }

    private void remove(String uid, Batch batch) {
        WorkflowDriver driver = workflows.remove(uid);
        if (driver != null) {
            finished.remove(uid);
            if (!driver.gone(batch)) {
                sweep.add(uid);
            }
        }
    }
}
