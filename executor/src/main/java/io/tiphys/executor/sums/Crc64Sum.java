package io.tiphys.executor.sums;

import io.tiphys.transfer.Crc64;
import org.jspecify.annotations.Nullable;

/** A {@link Crc64} that is made by the processor's own means where there is a way to them. Not safe for many threads. */
public final class Crc64Sum {
    private final @Nullable NativeCrc64 quick;
    private final Crc64 tables = new Crc64();
    private long register = -1;

    public Crc64Sum() {
        this(NativeCrc64.here());
    }

    Crc64Sum(@Nullable NativeCrc64 quick) {
        this.quick = quick;
    }

    public void update(byte[] bytes, int offset, int length) {
        if (quick == null) {
            tables.update(bytes, offset, length);
        } else {
            register = quick.add(register, bytes, offset, length);
        }
    }

    public long value() {
        return quick == null ? tables.getValue() : ~register;
    }
}
