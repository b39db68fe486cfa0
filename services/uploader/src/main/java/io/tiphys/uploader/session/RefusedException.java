package io.tiphys.uploader.session;

/** A request that is answered with a refusal ({@link io.tiphys.transfer.Refusal}); the message is for the user. */
public final class RefusedException extends Exception {
    private final int status;
    private final String reason;

    public RefusedException(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
