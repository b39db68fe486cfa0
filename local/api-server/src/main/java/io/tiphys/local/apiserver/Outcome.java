package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a change of a stored object comes to. */
sealed interface Outcome {
    /** The object gets this new content; without a difference nothing is written. */
    record Replace(ObjectNode object) implements Outcome {}

    /** The object goes; its last content is what watchers see. */
    record Remove(ObjectNode object) implements Outcome {}
}
