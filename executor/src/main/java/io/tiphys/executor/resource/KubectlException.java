package io.tiphys.executor.resource;

import io.tiphys.executor.http.PermanentException;

/** What kubectl itself would refuse, in its words. */
final class KubectlException extends PermanentException {
    KubectlException(String message) {
        super(message);
    }
}
