package io.tiphys.expression;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;

/** The functions of sprig that encode, count sums and compare versions. */
final class SprigEncodings {
    private SprigEncodings() {}

    static void register(Map<String, Function> functions) {
        functions.put(
                "b64enc",
                a -> Base64.getEncoder()
                        .encodeToString(Functions.bytes(a.expect(1).text(0))));
        functions.put("b64dec", a -> lenientBase64(a.expect(1).text(0)));
        functions.put("b32enc", a -> Base32.encode(a.expect(1).text(0)));
        functions.put("b32dec", a -> Base32.decode(a.expect(1).text(0)));
        functions.put("semver", a -> SemanticVersion.parse(a.expect(1).text(0)));
        functions.put(
                "semverCompare", a -> VersionConstraint.holds(a.expect(2).text(0), SemanticVersion.parse(a.text(1))));
        functions.put("sha1sum", a -> digest("SHA-1", a.expect(1).text(0)));
        functions.put("sha256sum", a -> digest("SHA-256", a.expect(1).text(0)));
        functions.put("sha512sum", a -> digest("SHA-512", a.expect(1).text(0)));
        functions.put("adler32sum", a -> adler32(a.expect(1).text(0)));
    }

    private static String digest(String algorithm, String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(Functions.bytes(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(algorithm + " is part of every JDK", e);
        }
    }

    private static String adler32(String text) {
        long low = 1;
        long high = 0;
        for (byte b : Functions.bytes(text)) {
            low = (low + (b & 0xff)) % 65_521;
            high = (high + low) % 65_521;
        }
        return Long.toString(high << 16 | low);
    }

    /** Sprig gives the message instead of failing. */
    private static String lenientBase64(String text) {
        String plain = text.replace("\n", "").replace("\r", "");
        int data = 0;
        while (data < plain.length()
                && plain.charAt(data) < 0x80
                && (Character.isLetterOrDigit(plain.charAt(data)) || "+/".indexOf(plain.charAt(data)) >= 0)) {
            data++;
        }
        boolean padded = plain.substring(data).matches("={0,2}");
        if (!padded || plain.length() % 4 != 0) {
            return "illegal base64 data at input byte " + (padded ? data - data % 4 : data);
        }
        return Functions.fromBase64(plain);
    }
}
