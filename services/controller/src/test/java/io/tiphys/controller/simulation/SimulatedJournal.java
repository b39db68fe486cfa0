package io.tiphys.controller.simulation;

import io.tiphys.controller.journal.Journal;
import io.tiphys.controller.journal.JournaledRun;
import io.tiphys.controller.journal.SimulatedPartition;
import io.tiphys.testkit.simulator.Dice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The way of one process's shards to their partitions of the journal. */
final class SimulatedJournal implements Journal {
    private final String name;
    private final World world;
    private final Dice dice;
    private final List<SimulatedPartition> partitions;
    private final Map<Integer, SimulatedPartition.Writer> writers = new HashMap<>();

    SimulatedJournal(String name, World world, Dice dice, List<SimulatedPartition> partitions) {
        this.name = name;
        this.world = world;
        this.dice = dice;
        this.partitions = partitions;
    }

    /** Whether nobody has taken the shard over since it was opened here. */
    boolean isWriter(int shard) {
        SimulatedPartition.Writer writer = writers.get(shard);
        return writer != null && writer.counts();
    }

    @Override
    public Map<String, JournaledRun> open(int shard) {
        if (world.isKafkaAway() || world.fails(40)) {
            throw new JournalException("the journal can't be read", null);
        }
        SimulatedPartition.Opened opened = partitions.get(shard).open();
        writers.put(shard, opened.writer());
        return opened.runs();
    }

    @Override
    public void append(List<ProducerRecord<String, byte[]>> records) {
        int shard = records.getFirst().partition();
        SimulatedPartition.Writer writer = writers.get(shard);
        if (world.isKafkaAway() || writer == null) {
            throw new JournalException("the journal takes nothing", null);
        }
        boolean isLost = world.fails(150);
        int written = isLost ? dice.between(0, records.size()) : records.size();
        writer.append(records.subList(0, written));
        if (isLost) {
            world.note(() -> name + " wrote " + written + " of " + records.size() + " records of shard " + shard);
            throw new JournalException("not all was acknowledged", null);
        }
    }

    @Override
    public void send(ProducerRecord<String, byte[]> record, Runnable sent) {
        throw new AssertionError("nothing here can't be read: " + record);
    }

    @Override
    public void reject(int shard, long offset, String reason) {
        throw new AssertionError("what was journaled can't be read: " + reason);
    }

    @Override
    public void announce(List<ProducerRecord<String, byte[]>> records) {
        // nobody listens
    }

    @Override
    public Map<String, JournaledRun> read(int shard, Set<String> uids) {
        if (world.isKafkaAway() || world.fails(40)) {
            throw new JournalException("the journal can't be read", null);
        }
        return partitions.get(shard).read(uids);
    }

    @Override
    public void close() {}
}
