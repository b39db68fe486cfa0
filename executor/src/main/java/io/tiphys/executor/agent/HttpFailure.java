package io.tiphys.executor.agent;

/** A request that got no answer, or none that can be used; the message is for the user. */
final class HttpFailure extends Exception {
    HttpFailure(String message) {
        super(message);
    }
}
