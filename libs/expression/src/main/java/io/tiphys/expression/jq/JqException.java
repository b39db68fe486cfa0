package io.tiphys.expression.jq;

/** A filter that can't be read, or that fails on this input; the message is for the user. */
public final class JqException extends Exception {
    JqException(String message) {
        super(message, null, false, false);
    }
}
