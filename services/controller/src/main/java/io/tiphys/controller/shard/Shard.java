package io.tiphys.controller.shard;

import io.tiphys.controller.journal.Journal.JournalException;
import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.controller.shard.ShardTimers.TimerKey;
import io.tiphys.messages.Message;
import io.tiphys.messages.WorkflowRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
    private final ShardWorkflows workflows;
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
        this.requests = new PodCommands(services.threads(), services.lease());
        this.workflows = new ShardWorkflows(this);
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
        return workflows.ending(uid) != null;
    }

    @Override
    public @Nullable Ending ending(String uid) {
        return workflows.ending(uid);
    }

    @Override
    public void rememberFinished(WorkflowRef workflow, Ending how) {
        workflows.rememberFinished(workflow, how);
    }

    @Override
    public void forgetFinished(String uid) {
        workflows.forgetFinished(uid);
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
        workflows.clear();
        parked.clear();
        parked.addAll(owed.values());
        synced = false;
    }

    /** Does nothing more. */
    public void end() {
        requests.close();
        workflows.forgotten();
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
        workflows.restore(services.journal().open(number));
        int open = workflows.drivers().size();
        int over = workflows.finishedCount();
        if (open + over > 0) {
            LOG.info(
                    "shard {} restored {} workflows, and {} are over, in {} ms",
                    number,
                    open,
                    over,
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
        return workflows.drivers();
    }

    private boolean turn(List<ShardInput> came) throws InterruptedException {
        Batch batch = new Batch();
        for (ShardInput input : came) {
            dispatch(input, batch);
        }
        for (TimerKey key : timers.due(now())) {
            workflows.timerFired(key, batch);
        }
        workflows.sweep();
        commit(batch);
        batch.processed().forEach(Runnable::run);
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
            boolean isFirst = !synced;
            synced = true;
            List<ShardInput> waiting = List.copyOf(parked);
            parked.clear();
            workflows.sync(all, waiting, isFirst, batch);
            return;
        }
        ShardInput taken = owing(input);
        if (synced) {
            workflows.apply(taken, batch);
        } else {
            parked.add(taken);
        }
    }

    /** A record from Kafka is taken again after a failure, until it is in effect, which may be outside of a turn. */
    private ShardInput owing(ShardInput input) {
        return switch (input) {
            case ShardInput.ResultArrived(var result, var done) ->
                owing(done, new ShardInput.ResultArrived(result, settling(done)));
            case ShardInput.CommandArrived(var command, var done) ->
                owing(done, new ShardInput.CommandArrived(command, settling(done)));
            default -> input;
        };
    }

    private ShardInput owing(Runnable done, ShardInput input) {
        owed.put(done, input);
        return input;
    }

    private Runnable settling(Runnable done) {
        return () -> {
            owed.remove(done);
            done.run();
        };
    }
}
