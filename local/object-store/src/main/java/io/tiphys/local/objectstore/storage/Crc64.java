package io.tiphys.local.objectstore.storage;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** CRC-64 with the ECMA-182 polynomial, reflected, as OSS computes it ({@code x-oss-hash-crc64ecma}). Eight bytes a step. */
public final class Crc64 {
    private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
    private static final long[][] TABLES = new long[8][256];
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    static {
        for (int i = 0; i < 256; i++) {
            long crc = i;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) == 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
            }
            TABLES[0][i] = crc;
        }
        for (int i = 0; i < 256; i++) {
            for (int table = 1; table < 8; table++) {
                long previous = TABLES[table - 1][i];
                TABLES[table][i] = TABLES[0][(int) previous & 0xff] ^ (previous >>> 8);
            }
        }
    }

    private long state = -1L;

    public void update(byte[] bytes, int offset, int length) {
        long crc = state;
        int at = offset;
        int end = offset + length;
        for (; at + 8 <= end; at += 8) {
            long word = crc ^ (long) LONGS.get(bytes, at);
            crc = TABLES[7][(int) word & 0xff]
                    ^ TABLES[6][(int) (word >>> 8) & 0xff]
                    ^ TABLES[5][(int) (word >>> 16) & 0xff]
                    ^ TABLES[4][(int) (word >>> 24) & 0xff]
                    ^ TABLES[3][(int) (word >>> 32) & 0xff]
                    ^ TABLES[2][(int) (word >>> 40) & 0xff]
                    ^ TABLES[1][(int) (word >>> 48) & 0xff]
                    ^ TABLES[0][(int) (word >>> 56)];
        }
        for (; at < end; at++) {
            crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
        }
        state = crc;
    }

    public long value() {
        return ~state;
    }

    /** The CRC of two stretches of bytes one after the other, from the CRC of each and the second's length. */
    public static long combine(long first, long second, long secondLength) {
        // Appending n zero bytes is a linear map over GF(2); square it until all bits of n are used up.
        long[] map = new long[64];
        map[0] = POLYNOMIAL;
        for (int bit = 1; bit < 64; bit++) {
            map[bit] = 1L << (bit - 1);
        }
        map = square(square(square(map)));
        long crc = first;
        for (long left = secondLength; left != 0; left >>>= 1) {
            if ((left & 1) == 1) {
                crc = apply(map, crc);
            }
            map = square(map);
        }
        return crc ^ second;
    }

    private static long apply(long[] map, long vector) {
        long sum = 0;
        for (int bit = 0; vector != 0; bit++, vector >>>= 1) {
            if ((vector & 1) == 1) {
                sum ^= map[bit];
            }
        }
        return sum;
    }

    private static long[] square(long[] map) {
        long[] squared = new long[64];
        for (int bit = 0; bit < 64; bit++) {
            squared[bit] = apply(map, map[bit]);
        }
        return squared;
    }
}
