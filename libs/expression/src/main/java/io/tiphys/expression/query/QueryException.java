package io.tiphys.expression.query;

/** A query that can't be read, or that has no answer for this object; the message is for the user. */
public final class QueryException extends Exception {
    QueryException(String message) {
        super(message, null, false, false);
    }
}
