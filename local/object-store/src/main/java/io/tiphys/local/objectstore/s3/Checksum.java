package io.tiphys.local.objectstore.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** One of the checksums that S3 knows, named as its header. */
abstract class Checksum {
    private final String header;

    private Checksum(String header) {
        this.header = header;
    }

    String header() {
        return header;
    }

    abstract void update(byte[] bytes, int length);

    abstract byte[] value();

    static Checksum named(String header) throws S3Exception {
        String name = header.trim().toLowerCase(Locale.ROOT);
        return switch (name) {
            case "x-amz-checksum-crc32" -> crc(name, new CRC32());
            case "x-amz-checksum-crc32c" -> crc(name, new CRC32C());
            case "x-amz-checksum-crc64nvme" -> new Crc64Nvme(name);
            case "x-amz-checksum-sha1" -> digest(name, SigV4.digest("SHA-1"));
            case "x-amz-checksum-sha256" -> digest(name, SigV4.digest("SHA-256"));
            default -> throw new S3Exception(400, "InvalidRequest", "The trailer " + name + " is no checksum.");
        };
    }

    private static Checksum crc(String header, java.util.zip.Checksum crc) {
        return new Checksum(header) {
            @Override
            void update(byte[] bytes, int length) {
                crc.update(bytes, 0, length);
            }

            @Override
            byte[] value() {
                return ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
            }
        };
    }

    private static Checksum digest(String header, MessageDigest digest) {
        return new Checksum(header) {
            @Override
            void update(byte[] bytes, int length) {
                digest.update(bytes, 0, length);
            }

            @Override
            byte[] value() {
                return digest.digest();
            }
        };
    }

    /** CRC-64/NVME: another polynomial than OSS' ECMA. */
    private static final class Crc64Nvme extends Checksum {
        private static final long[] TABLE = new long[256];
        private long crc = -1;

        static {
            for (int n = 0; n < 256; n++) {
                long entry = n;
                for (int bit = 0; bit < 8; bit++) {
                    entry = (entry & 1) == 1 ? (entry >>> 1) ^ 0x9A6C9329AC4BC9B5L : entry >>> 1;
                }
                TABLE[n] = entry;
            }
        }

        Crc64Nvme(String header) {
            super(header);
        }

        @Override
        void update(byte[] bytes, int length) {
            for (int n = 0; n < length; n++) {
                crc = TABLE[(int) (crc ^ bytes[n]) & 0xff] ^ (crc >>> 8);
            }
        }

        @Override
        byte[] value() {
            return ByteBuffer.allocate(8).putLong(~crc).array();
        }
    }
}
