package io.tiphys.controller.shard;

import io.tiphys.controller.journal.JournaledRun.Ending;
import io.tiphys.messages.Message;
import io.tiphys.messages.WorkflowRef;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a workflow's driver may use of its shard. */
interface ShardContext {
    int number();

    ShardServices services();

    /** For the shard's own thread only. */
    ShardTimers timers();

    PodCommands requests();

    /** Whether the journal says that the workflow is over; its nodes were not read then. */
    boolean hasFinished(String uid);

    /** How the workflow ended by the journal; null if it isn't over. */
    @Nullable
    Ending ending(String uid);

    /** The journal says that the workflow is over, and its run was let go of. */
    void rememberFinished(WorkflowRef workflow, Ending how);

    /** The journal has nothing of use of the workflow, whatever it said. */
    void forgetFinished(String uid);

    /** From any thread: to be dealt with by the shard's thread. */
    void post(ShardInput input);

    /** Sends a message that nothing waits for. */
    void announce(Message message);

    Instant now();
}
