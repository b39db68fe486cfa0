package io.tiphys.submitter.artifacts;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of an object, both ends inclusive (RFC 9110, section 14).
 *
 * @param from first byte, from 0
 * @param to last byte
 */
record ByteRange(long from, long to) {
    private static final Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

    long length() {
        return to - from + 1;
    }

    /** What a {@code Range} header asks for of an object of this size. */
    sealed interface Asked {
        /** No header, or one that may be ignored: several ranges, another unit, nonsense. */
        record Whole() implements Asked {}

        /** One range that the object has. */
        record Part(ByteRange range) implements Asked {}

        /** One range that the object doesn't have: answer 416. */
        record Unsatisfiable() implements Asked {}
    }

    static Asked parse(@Nullable String header, long size) {
        Optional<Matcher> matcher =
                Optional.ofNullable(header).map(SINGLE::matcher).filter(Matcher::matches);
        if (matcher.isEmpty()) {
            return new Asked.Whole();
        }
        String first = matcher.get().group(1);
        String last = matcher.get().group(2);
        if (first.isEmpty() && last.isEmpty()) {
            return new Asked.Whole();
        }
        if (first.isEmpty()) {
            long length = Math.min(size, Long.parseLong(last));
            return length == 0 ? new Asked.Unsatisfiable() : new Asked.Part(new ByteRange(size - length, size - 1));
        }
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? size - 1 : Math.min(size - 1, Long.parseLong(last));
        if (!last.isEmpty() && Long.parseLong(last) < from) {
            return new Asked.Whole();
        }
        return from >= size ? new Asked.Unsatisfiable() : new Asked.Part(new ByteRange(from, to));
    }
}
