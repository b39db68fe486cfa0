package io.tiphys.expression;

import java.util.ArrayList;
import java.util.List;

/** The {@code let} variables that can be seen, each in the slot where its value is kept. */
final class LocalVariables {
    private final List<String> names = new ArrayList<>();
    private int slots;

    boolean contains(String name) {
        return names.contains(name);
    }

    /** The variable's slot, or a negative number if there is none of this name. */
    int slot(String name) {
        return names.lastIndexOf(name);
    }

    /** From now on the variable can be seen; returns its slot. */
    int enter(String name) {
        names.add(name);
        slots = Math.max(slots, names.size());
        return names.size() - 1;
    }

    /** The variable that came last can't be seen any more. */
    void leave() {
        names.removeLast();
    }

    /** How many there were at the same time at the most. */
    int slots() {
        return slots;
    }
}
