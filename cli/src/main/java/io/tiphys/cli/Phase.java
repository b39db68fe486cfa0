package io.tiphys.cli;

import java.util.Locale;

/** A phase of a workflow or node, as the user sees it. */
enum Phase {
    PENDING("◷", Terminal.Style.YELLOW),
    RUNNING("●", Terminal.Style.CYAN),
    SUCCEEDED("✔", Terminal.Style.GREEN),
    FAILED("✖", Terminal.Style.RED),
    ERROR("✖", Terminal.Style.RED),
    SKIPPED("○", Terminal.Style.DIM),
    OMITTED("○", Terminal.Style.DIM),
    UNKNOWN("◷", Terminal.Style.DIM);

    private final String icon;
    private final Terminal.Style style;

    Phase(String icon, Terminal.Style style) {
        this.icon = icon;
        this.style = style;
    }

    static Phase of(String phase) {
        for (Phase known : values()) {
            if (known.name().equalsIgnoreCase(phase)) {
                return known;
            }
        }
        return UNKNOWN;
    }

    String icon() {
        return icon;
    }

    Terminal.Style style() {
        return style;
    }

    boolean isFinal() {
        return this != PENDING && this != RUNNING && this != UNKNOWN;
    }

    boolean isBad() {
        return this == FAILED || this == ERROR;
    }

    /** As Argo writes it. */
    String word() {
        return this == UNKNOWN
                ? "Pending"
                : name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
    }
}
