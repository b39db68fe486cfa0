package io.tiphys.transfer;

/**
 * How objects are cut into parts, so that object storage's limits (10,000 parts of at most 5 GiB, as OSS and S3 have them) never stop an
 * upload: a file's parts are all of one size, which grows with the file; the parts of a stream, whose length nobody knows, grow with their
 * number.
 */
public final class PartSizes {
    public static final int MOST_PARTS = 10_000;

    private static final long MEBIBYTE = 1024 * 1024;
    private static final long LARGEST_BYTES = 5 * 1024 * MEBIBYTE;

    /** The largest object: 48.8 TiB. */
    public static final long LARGEST_OBJECT_BYTES = MOST_PARTS * LARGEST_BYTES;

    /** Size of a stream's first parts. */
    public static final long STREAM_BYTES = 8 * MEBIBYTE;

    private static final int DOUBLED_AFTER = 1000;

    private PartSizes() {}

    /**
     * Size of the parts of a file.
     *
     * @param smallest that is wanted
     */
    public static long ofFile(long sizeBytes, long smallest) {
        long needed = (sizeBytes + MOST_PARTS - 1) / MOST_PARTS;
        return Math.clamp((needed + MEBIBYTE - 1) / MEBIBYTE * MEBIBYTE, smallest, LARGEST_BYTES);
    }

    /** Size of a stream's part, numbered from 1: 8 MiB, and twice as much after each 1,000 parts; 7.99 TiB in all. */
    public static long ofStream(int number) {
        return STREAM_BYTES << ((number - 1) / DOUBLED_AFTER);
    }
}
