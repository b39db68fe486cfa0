package io.tiphys.messages;

/** A record that no try will make readable; it belongs on the topic's dead-letter topic. */
public final class UnreadableRecordException extends Exception {
    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }

    public UnreadableRecordException(String message) {
        super(message);
    }
}
