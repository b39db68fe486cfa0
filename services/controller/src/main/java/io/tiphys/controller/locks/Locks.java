package io.tiphys.controller.locks;

import io.tiphys.messages.LockMessage;

/** What a shard may ask of the locks. Nothing here blocks; answers come back as inputs of the shard. */
public interface Locks {
    /** Wants locks; saying it again changes nothing. */
    void want(LockMessage.Wanted wish);

    /** Ends a wish, granted or not. */
    void release(String uid, int node, int ticket);

    /** Ends a workflow's permission to run. */
    void releaseAdmission(String uid);

    /** Ends all wishes of a workflow that is gone. */
    void releaseAll(String uid);

    /** The shard wants to be told all that is known of its workflows, to compare. */
    void check(int shard);

    /** Whether workflows of this namespace need permission to run: {@code parallelism} is limited. */
    boolean limitsWorkflowsOf(String namespace);
}
