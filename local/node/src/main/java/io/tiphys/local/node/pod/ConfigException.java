package io.tiphys.local.node.pod;

import java.io.IOException;

/** Something that a pod refers to is missing or unusable for now: told in the pod's status and tried again. */
final class ConfigException extends IOException {
    private static final long serialVersionUID = 1;

    private final String reason;

    ConfigException(String reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** As the kubelet puts it in {@code state.waiting.reason}. */
    String reason() {
        return reason;
    }

    String text() {
        String message = getMessage();
        return message == null ? reason : message;
    }
}
