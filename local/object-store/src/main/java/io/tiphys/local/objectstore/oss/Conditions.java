package io.tiphys.local.objectstore.oss;

import io.tiphys.local.objectstore.storage.StoredObject;
import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** {@code If-Match} and its relatives, and the same under {@code x-oss-copy-source-}. */
final class Conditions {
    private Conditions() {}

    /**
     * Checks it.
     *
     * @throws OssException 304 or 412 when the object isn't what the client wants
     */
    static void check(OssRequest request, StoredObject object, String prefix) {
        String match = request.header(prefix + "if-match");
        String noneMatch = request.header(prefix + "if-none-match");
        Long modifiedSince = seconds(request.header(prefix + "if-modified-since"));
        Long unmodifiedSince = seconds(request.header(prefix + "if-unmodified-since"));
        if (match != null && !names(match, object)) {
            throw failed("If-Match");
        }
        if (match == null && unmodifiedSince != null && object.modifiedSeconds() > unmodifiedSince) {
            throw failed("If-Unmodified-Since");
        }
        if (noneMatch != null && names(noneMatch, object)) {
            throw new OssException(304, "NotModified", "The object is the one you have.");
        }
        if (noneMatch == null && modifiedSince != null && object.modifiedSeconds() <= modifiedSince) {
            throw new OssException(304, "NotModified", "The object has not been modified.");
        }
    }

    private static boolean names(String header, StoredObject object) {
        for (String tag : header.split(",", -1)) {
            String plain = tag.trim().replace("\"", "");
            if (plain.equals("*") || plain.equalsIgnoreCase(object.etag())) {
                return true;
            }
        }
        return false;
    }

    private static OssException failed(String condition) {
        return new OssException(
                412,
                "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold: " + condition);
    }

    private static @Nullable Long seconds(@Nullable String date) {
        if (date == null) {
            return null;
        }
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toEpochSecond();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
