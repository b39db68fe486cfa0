package io.tiphys.expression;

import java.util.AbstractList;
import java.util.Objects;
import java.util.RandomAccess;

/** {@code from..to} without the numbers themselves: {@code len(1..1000000)} takes no memory. Can't be changed. */
final class NumberRange extends AbstractList<Object> implements RandomAccess {
    private final long from;
    private final int size;

    NumberRange(long from, int size) {
        this.from = from;
        this.size = size;
    }

    @Override
    public Object get(int index) {
        return from + Objects.checkIndex(index, size);
    }

    @Override
    public int size() {
        return size;
    }
}
