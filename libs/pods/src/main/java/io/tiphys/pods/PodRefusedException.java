package io.tiphys.pods;

/** Inside this package: the template can't become a pod. Leaves it as {@link DesiredPod.Refused}. */
final class PodRefusedException extends RuntimeException {
    private final String reason;

    PodRefusedException(String reason) {
        super(reason);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
