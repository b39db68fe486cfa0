package io.tiphys.expression;

import java.nio.charset.StandardCharsets;

/** Base32 with padding. */
final class Base32 {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BITS = 5;
    private static final int GROUP = 8;

    private Base32() {}

    static String encode(String text) {
        StringBuilder out = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            buffer = (buffer << Byte.SIZE) | (b & 0xFF);
            bits += Byte.SIZE;
            while (bits >= BITS) {
                bits -= BITS;
                out.append(ALPHABET.charAt((buffer >> bits) & 31));
            }
            buffer &= (1 << bits) - 1;
        }
        if (bits > 0) {
            out.append(ALPHABET.charAt((buffer << (BITS - bits)) & 31));
        }
        while (out.length() % GROUP != 0) {
            out.append('=');
        }
        return out.toString();
    }

    /** The text, or Go's message where it is none: sprig shows that instead of failing. */
    static String decode(String encoded) {
        String text = encoded.replace("\n", "").replace("\r", "");
        byte[] out = new byte[text.length()];
        int size = 0;
        int buffer = 0;
        int bits = 0;
        int at = 0;
        for (; at < text.length() && text.charAt(at) != '='; at++) {
            int value = ALPHABET.indexOf(text.charAt(at));
            if (value < 0) {
                return "illegal base32 data at input byte " + at;
            }
            buffer = (buffer << BITS) | value;
            bits += BITS;
            if (bits >= Byte.SIZE) {
                bits -= Byte.SIZE;
                out[size++] = (byte) (buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }
        int padding = text.length() - at;
        if (text.length() % GROUP != 0
                || padding >= GROUP
                || !text.substring(at).matches("=*")) {
            return "illegal base32 data at input byte " + at;
        }
        return new String(out, 0, size, StandardCharsets.UTF_8);
    }
}
