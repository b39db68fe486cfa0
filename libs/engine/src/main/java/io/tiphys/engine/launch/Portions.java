package io.tiphys.engine.launch;

import io.tiphys.engine.Draft;
import io.tiphys.engine.Event;
import io.tiphys.engine.Node;

/**
 * How many children a node makes in one decision. Each of them is then entered into the run, and looked at for the first time; among a
 * hundred thousand, its memory would be in no cache any more at each of these steps.
 */
public final class Portions {
    private static final int NODES = 64;

    private Portions() {}

    /**
     * Whether there are enough for now: then the parent makes the others when it is looked at again, after those.
     *
     * @param left how many it would make yet; if they are more than the run may have, none begins
     */
    public static boolean isFull(Draft draft, Node parent, int left) {
        return draft.added() >= NODES && !parent.isReopened() && !draft.wouldExceedLimit(left);
    }

    /** Has the parent looked at again, after the children that it has by now. */
    public static void goOnLater(Draft draft, Node parent) {
        draft.add(new Event.ChildrenDeferred(parent.seq()));
    }
}
