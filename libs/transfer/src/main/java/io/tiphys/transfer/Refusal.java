package io.tiphys.transfer;

/**
 * Body of every answer that isn't a success.
 *
 * @param reason one of the constants here, for programs
 * @param message for people; names what was asked for
 */
public record Refusal(String reason, String message) {
    /** The token is missing, forged or expired. */
    public static final String UNAUTHORIZED = "Unauthorized";
    /** The capability doesn't name this artifact. */
    public static final String FORBIDDEN = "Forbidden";
    /** No such session. */
    public static final String NOT_FOUND = "NotFound";
    /** What was stored isn't what was sent; the session is gone, start again. */
    public static final String CHECKSUM_MISMATCH = "ChecksumMismatch";
    /** The request makes no sense; repeating it won't help. */
    public static final String INVALID = "Invalid";
    /** Storage or a service behind can't do it now; try again. */
    public static final String UNAVAILABLE = "Unavailable";
    /** Storage refuses for good (no such bucket, access denied, secret missing). */
    public static final String STORAGE_REFUSED = "StorageRefused";
}
