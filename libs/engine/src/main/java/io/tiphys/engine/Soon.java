package io.tiphys.engine;

/** Stands in while the bodies are being written. */
final class Soon {
    private Soon() {}

    @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"}) // gone with the last caller
    static <T> T soon() {
        throw new UnsupportedOperationException("being written");
    }
}
