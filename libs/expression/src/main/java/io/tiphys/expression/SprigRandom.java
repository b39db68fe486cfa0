package io.tiphys.expression;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * Sprig's functions that draw lots. What they give is a function of the time and of whom it is for, so that evaluating again at the same
 * moment gives the same; it is no secret.
 */
final class SprigRandom {
    private static final String DIGITS = "0123456789";
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int FIRST_ASCII = 32;
    private static final int LAST_ASCII = 126;

    private SprigRandom() {}

    static void register(Map<String, Function> functions) {
        functions.put("randNumeric", a -> drawn(a, DIGITS));
        functions.put("randAlpha", a -> drawn(a, LETTERS));
        functions.put("randAlphaNum", a -> drawn(a, DIGITS + LETTERS));
        StringBuilder ascii = new StringBuilder();
        for (char c = FIRST_ASCII; c <= LAST_ASCII; c++) {
            ascii.append(c);
        }
        functions.put("randAscii", a -> drawn(a, ascii.toString()));
        functions.put("randBytes", a -> {
            byte[] bytes = new byte[count(a)];
            a.random().nextBytes(bytes);
            return java.util.Base64.getEncoder().encodeToString(bytes);
        });
        functions.put("randInt", a -> {
            long least = a.expect(2).integer(0);
            if (a.integer(1) <= least) {
                throw new ExprProblem("invalid argument to Intn");
            }
            return a.random().nextLong(least, a.integer(1));
        });
        functions.put("shuffle", a -> {
            String text = a.expect(1).text(0);
            List<Integer> points = new ArrayList<>(text.codePoints().boxed().toList());
            Collections.shuffle(points, a.random());
            StringBuilder out = new StringBuilder();
            points.forEach(out::appendCodePoint);
            return out.toString();
        });
        functions.put("uuidv4", a -> {
            Random random = a.expect(0).random();
            return new java.util.UUID(
                            (random.nextLong() & ~0xF000L) | 0x4000L,
                            (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L)
                    .toString()
                    .toLowerCase(Locale.ROOT);
        });
    }

    private static int count(Arguments arguments) {
        int count = arguments.expect(1).count(0);
        if (count < 0) {
            throw new ExprProblem("the number of characters is negative");
        }
        arguments.budget().characters(count);
        return count;
    }

    private static String drawn(Arguments arguments, String from) {
        char[] out = new char[count(arguments)];
        Random random = arguments.random();
        for (int i = 0; i < out.length; i++) {
            out[i] = from.charAt(random.nextInt(from.length()));
        }
        return new String(out);
    }
}
