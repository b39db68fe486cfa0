package io.tiphys.executor.agent;

import io.tiphys.transfer.AgentWork;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the agent's tasks come from and its results go to. */
public interface AgentUploader {
    /** The tasks of now, waiting until they have another version; empty if nothing changed for a while. */
    Optional<AgentWork.Tasks> tasks(@Nullable String after) throws IOException;

    /** Returns when the results are safe. */
    void report(AgentWork.Results results) throws IOException;
}
