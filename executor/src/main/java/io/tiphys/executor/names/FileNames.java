package io.tiphys.executor.names;

import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Names of files as text that loses nothing: UTF-8 where a name is UTF-8, and each other byte as one of the characters U+DC80 to U+DCFF, which
 * no UTF-8 gives (Python's way, PEP 383).
 */
public final class FileNames {
    /** The charset's name, for libraries that take one by name. */
    public static final String CHARSET = "X-FILE-NAMES";

    private static final Charset NAMES = new FileNameCharset();

    private FileNames() {}

    static Charset charset() {
        return NAMES;
    }

    public static String decode(byte[] name) {
        return NAMES.decode(ByteBuffer.wrap(name)).toString();
    }

    public static byte[] encode(String name) {
        var encoded = NAMES.encode(name);
        var bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
    }

    /** Whether the name is UTF-8. */
    public static boolean isText(String name) {
        for (int n = 0; n < name.length(); n++) {
            if (Character.isHighSurrogate(name.charAt(n))
                    && n + 1 < name.length()
                    && Character.isLowSurrogate(name.charAt(n + 1))) {
                n++;
            } else if (Character.isSurrogate(name.charAt(n))) {
                return false;
            }
        }
        return true;
    }

    /** Whether this Java runtime can have the name as a {@link Path}. */
    public static boolean isPath(String name) {
        if (!isText(name)) {
            return false;
        }
        try {
            return Path.of(name).toString().equals(name);
        } catch (InvalidPathException e) {
            return false; // another locale than UTF-8
        }
    }
}
