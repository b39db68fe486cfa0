package io.tiphys.engine;

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
}
