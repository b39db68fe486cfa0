package io.tiphys.local.system;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * How one part of a running instance is.
 *
 * @param pid null while it has no process
 * @param restarts how often it was started again after it died
 * @param rssBytes resident memory of its process; 0 when unknown or when it lives in the process of another part
 * @param startMillis from the start of the instance until the part was first ready; null before
 * @param message why it isn't ready, when there is something to say
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Part(
        String name,
        @Nullable Long pid,
        int port,
        String url,
        State state,
        int restarts,
        long rssBytes,
        String log,
        @Nullable Long startMillis,
        @Nullable String message) {
    enum State {
        @JsonProperty("starting")
        STARTING,
        @JsonProperty("ready")
        READY,
        @JsonProperty("restarting")
        RESTARTING,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("stopped")
        STOPPED
    }

    static Part starting(String name, int port, String url, String log) {
        return new Part(name, null, port, url, State.STARTING, 0, 0, log, null, null);
    }

    @JsonIgnore
    boolean isReady() {
        return state == State.READY;
    }

    Part withState(State newState, @Nullable String newMessage) {
        return new Part(name, pid, port, url, newState, restarts, rssBytes, log, startMillis, newMessage);
    }

    Part withProcess(@Nullable Long newPid, int newRestarts) {
        return new Part(name, newPid, port, url, state, newRestarts, rssBytes, log, startMillis, message);
    }

    Part withRss(long bytes) {
        return new Part(name, pid, port, url, state, restarts, bytes, log, startMillis, message);
    }

    Part withStartMillis(long millis) {
        return new Part(name, pid, port, url, state, restarts, rssBytes, log, millis, message);
    }
}
