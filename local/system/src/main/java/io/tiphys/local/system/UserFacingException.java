package io.tiphys.local.system;

/** Something the user can do something about; the message is one line that says what happened and what to do. */
final class UserFacingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserFacingException(String message) {
        super(message);
    }

    UserFacingException(String message, Throwable cause) {
        super(message, cause);
    }
}
