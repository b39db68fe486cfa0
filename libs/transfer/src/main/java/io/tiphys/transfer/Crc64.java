package io.tiphys.transfer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.Checksum;

/**
 * CRC-64 as ECMA-182 defines it, bits reflected (the "XZ" variant), which OSS keeps for every object and part. Sums of neighbouring pieces
 * can be combined into the sum of the whole, so that parts may be read in any order. Not safe for many threads.
 *
 * <p>Eight bytes at a time by table ("slicing"); combining multiplies by x^(8·length) modulo the polynomial.
 */
public final class Crc64 implements Checksum {
    private static final long POLYNOMIAL = 0xC96C5795D7870F42L;
    /** The polynomial 1 in reflected order. */
    private static final long ONE = 1L << 63;

    private static final long[][] TABLES = tables();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long register = -1L;

    public static long of(byte[] bytes) {
        var crc = new Crc64();
        crc.update(bytes, 0, bytes.length);
        return crc.getValue();
    }

    @Override
    public void update(int b) {
        register = TABLES[0][(int) (register ^ b) & 0xff] ^ (register >>> 8);
    }

    @Override
    public void update(byte[] bytes, int offset, int length) {
        long crc = register;
        int at = offset;
        int end = offset + length;
        for (; at + 8 <= end; at += 8) {
            crc ^= (long) LONG.get(bytes, at);
            crc = TABLES[7][(int) crc & 0xff]
                    ^ TABLES[6][(int) (crc >>> 8) & 0xff]
                    ^ TABLES[5][(int) (crc >>> 16) & 0xff]
                    ^ TABLES[4][(int) (crc >>> 24) & 0xff]
                    ^ TABLES[3][(int) (crc >>> 32) & 0xff]
                    ^ TABLES[2][(int) (crc >>> 40) & 0xff]
                    ^ TABLES[1][(int) (crc >>> 48) & 0xff]
                    ^ TABLES[0][(int) (crc >>> 56)];
        }
        for (; at < end; at++) {
            crc = TABLES[0][(int) (crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
        }
        register = crc;
    }

    @Override
    public long getValue() {
        return ~register;
    }

    /** The sum as OSS writes it: unsigned decimal. */
    public String toDecimal() {
        return Long.toUnsignedString(getValue());
    }

    @Override
    public void reset() {
        register = -1L;
    }

    /** The sum of two neighbouring pieces from the sum of each and the length of the second. */
    public static long combine(long first, long second, long secondLengthBytes) {
        return multiply(first, powerOfX(secondLengthBytes)) ^ second;
    }

    /** x^(8·bytes) modulo the polynomial, by squaring. */
    private static long powerOfX(long bytes) {
        long power = ONE;
        long square = ONE >>> 8;
        for (long n = bytes; n != 0; n >>>= 1) {
            if ((n & 1) != 0) {
                power = multiply(power, square);
            }
            square = multiply(square, square);
        }
        return power;
    }

    private static long multiply(long a, long b) {
        long product = 0;
        long shifted = b;
        for (long rest = a; rest != 0; rest <<= 1) {
            if (rest < 0) {
                product ^= shifted;
            }
            shifted = (shifted >>> 1) ^ (-(shifted & 1) & POLYNOMIAL);
        }
        return product;
    }

    private static long[][] tables() {
        var tables = new long[8][256];
        for (int n = 0; n < 256; n++) {
            long crc = n;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (-(crc & 1) & POLYNOMIAL);
            }
            tables[0][n] = crc;
        }
        for (int n = 0; n < 256; n++) {
            for (int table = 1; table < 8; table++) {
                long previous = tables[table - 1][n];
                tables[table][n] = tables[0][(int) previous & 0xff] ^ (previous >>> 8);
            }
        }
        return tables;
    }
}
