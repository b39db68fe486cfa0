package io.tiphys.controller.simulation;

import io.tiphys.messages.Message;
import io.tiphys.messages.Shards;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** The partitions of task results and commands: what was sent, and up to where the group of controllers has committed. */
final class SimulatedInbox {
    private static final class Partition {
        final List<Message> records = new ArrayList<>();
        int committed;
    }

    private final List<Partition> partitions = new ArrayList<>();
    private final List<IntConsumer> readers = new ArrayList<>();

    SimulatedInbox() {
        for (int i = 0; i < World.SHARDS; i++) {
            partitions.add(new Partition());
        }
    }

    void send(Message message) {
        int shard = Shards.of(message.workflow().uid(), World.SHARDS);
        partitions.get(shard).records.add(message);
        List.copyOf(readers).forEach(reader -> reader.accept(shard));
    }

    /** Tells of every shard that something was sent to. */
    void onSend(IntConsumer reader) {
        readers.add(reader);
    }

    int end(int shard) {
        return partitions.get(shard).records.size();
    }

    Message at(int shard, int offset) {
        return partitions.get(shard).records.get(offset);
    }

    int committed(int shard) {
        return partitions.get(shard).committed;
    }

    void commit(int shard, int offset) {
        partitions.get(shard).committed = offset;
    }

    /** Whether everything was dealt with. */
    boolean isDone() {
        return partitions.stream().allMatch(partition -> partition.committed == partition.records.size());
    }
}
