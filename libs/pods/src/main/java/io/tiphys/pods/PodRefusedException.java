package io.tiphys.pods;

/** Inside this package: the template can't become a pod. Leaves it as {@link DesiredPod.Refused}. */
final class PodRefusedException extends RuntimeException {
    PodRefusedException(String message) {
        super(message);
    }
}
