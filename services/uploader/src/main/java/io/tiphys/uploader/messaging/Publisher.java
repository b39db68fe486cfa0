package io.tiphys.uploader.messaging;

import io.tiphys.messages.Message;

/** Says something on Kafka and returns once it is safe there. */
@FunctionalInterface
public interface Publisher {
    /** Publishes one message; if Kafka does not confirm it in time, publishing it again is fine. */
    void publish(Message message) throws UnpublishedException;

    /** Kafka is away or refuses. */
    final class UnpublishedException extends Exception {
        public UnpublishedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
