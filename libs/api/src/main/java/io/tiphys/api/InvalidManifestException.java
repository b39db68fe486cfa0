package io.tiphys.api;

/** Text that is not a manifest: broken YAML or JSON, or beyond the limits of {@link Manifests}. */
public final class InvalidManifestException extends RuntimeException {
    private final int line;
    private final String message;

    InvalidManifestException(int line, String message) {
        this.line = line;
        this.message = line > 0 ? "line " + line + ": " + message : message;
    }

    @Override
    public String getMessage() {
        return message;
    }

    /** The line in the text, from 1; 0 if the whole text is meant. */
    public int line() {
        return line;
    }
}
