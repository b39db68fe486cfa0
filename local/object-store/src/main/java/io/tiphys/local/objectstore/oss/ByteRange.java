package io.tiphys.local.objectstore.oss;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Bytes from {@code first} to {@code last}, both included, of something that has at least {@code last + 1}. */
record ByteRange(long first, long last) {
    private static final Pattern SYNTAX = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    long length() {
        return last - first + 1;
    }

    /**
     * The range that a header asks for, or null for the whole: also when the range makes no sense, as OSS has it unless the client
     * asks for the standard behaviour.
     *
     * @throws OssException InvalidRange when the standard behaviour is asked for and the range starts behind the end
     */
    static @Nullable ByteRange of(@Nullable String header, long size, boolean standard) {
        Matcher matcher = SYNTAX.matcher(header == null ? "" : header.trim());
        if (!matcher.matches() || matcher.group().equals("bytes=-")) {
            return null;
        }
        String from = matcher.group(1);
        String to = matcher.group(2);
        long first = from.isEmpty() ? Math.max(size - Long.parseLong(to), 0) : Long.parseLong(from);
        long last = from.isEmpty() || to.isEmpty() ? size - 1 : Long.parseLong(to);
        if (first > last || first >= size) {
            if (standard && !(first > last && first < size)) {
                throw new OssException(
                        416, "InvalidRange", "The range " + header + " is outside the object's " + size + " bytes.");
            }
            return null;
        }
        if (last >= size && !standard) {
            return null;
        }
        return new ByteRange(first, Math.min(last, size - 1));
    }
}
