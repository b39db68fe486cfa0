package io.tiphys.engine;

import java.util.Arrays;

/** Growing list of ints without boxes. */
final class IntList {
    private int[] values = new int[2];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, size * 2);
        }
        values[size++] = value;
    }

    int get(int index) {
        return values[index];
    }

    int last() {
        return values[size - 1];
    }

    int size() {
        return size;
    }
}
