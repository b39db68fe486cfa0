package io.tiphys.engine.pod;

import io.tiphys.api.NodePhase;
import org.jspecify.annotations.Nullable;

/** How a node ends, and what is said about it. */
record End(NodePhase phase, @Nullable String message) {}
