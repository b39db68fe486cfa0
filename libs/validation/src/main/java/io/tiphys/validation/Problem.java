package io.tiphys.validation;

/**
 * Something to be mended, or to be warned of.
 *
 * @param document the manifest's place in its file, from 0
 * @param path the field, such as {@code spec.templates[2].steps[0][0].template}; "" for the whole
 * @param line the line in the text, from 1; 0 if the object came from no text
 * @param message what is wrong and what would be right
 */
public record Problem(int document, String path, int line, String message) {
    /** As shown to people: {@code line 12: spec.entrypoint: …}. */
    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
