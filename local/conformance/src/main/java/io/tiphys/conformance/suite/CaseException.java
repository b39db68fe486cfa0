package io.tiphys.conformance.suite;

/** Cases or their files can't be used; the message is for the user. */
public final class CaseException extends RuntimeException {
    public CaseException(String message) {
        super(message, null, false, false);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
