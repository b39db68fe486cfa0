package io.tiphys.controller.locks;

import io.tiphys.messages.LockMessage;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The locks as one replica knows them: it follows what is decided about them, and decides while it is the one to do so. */
public interface ReplicaLocks extends Locks, AutoCloseable {

    /** Who is told, on a thread of the locks' own. */
    interface Listener {
        void answered(LockMessage.Answered answer);

        /** Shards of this replica. */
        Set<Integer> shards();

        /** All that is known of the shard's workflows, by uid. */
        void known(int shard, Map<String, List<Standing>> standing);
    }

    /** Begins to follow. */
    void start(Listener told);

    /** Whether this replica is the one that decides. */
    void own(boolean isOwner);

    @Override
    void close();
}
