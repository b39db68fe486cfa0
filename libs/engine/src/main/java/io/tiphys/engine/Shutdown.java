package io.tiphys.engine;

import org.jspecify.annotations.Nullable;

/** How a workflow is brought to its end early: {@code spec.shutdown}. */
public enum Shutdown {
    /** Running pods end, exit handlers still run. */
    STOP("Stop"),
    /** Everything ends, no exit handler runs. */
    TERMINATE("Terminate");

    private final String text;

    Shutdown(String text) {
        this.text = text;
    }

    public String text() {
        return text;
    }

    /** The value of {@code spec.shutdown}; null for none. */
    public static @Nullable Shutdown of(@Nullable String text) {
        for (Shutdown shutdown : values()) {
            if (shutdown.text.equals(text)) {
                return shutdown;
            }
        }
        return null;
    }
}
