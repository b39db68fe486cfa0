package io.tiphys.executor.resource;

import io.tiphys.executor.http.PermanentException;

/** What Argo's executor itself refuses, before or after kubectl, in its words. */
final class ManifestException extends PermanentException {
    ManifestException(String message) {
        super(message);
    }
}
