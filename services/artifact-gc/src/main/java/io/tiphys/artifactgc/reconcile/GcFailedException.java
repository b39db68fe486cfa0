package io.tiphys.artifactgc.reconcile;

/** A round of deletion that couldn't be brought to its end; what it has deleted stays deleted, and it may be tried again. */
public final class GcFailedException extends RuntimeException {
    public GcFailedException(String message) {
        super(message);
    }
}
