package io.tiphys.transfer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The secret that controller and uploader share; signs capabilities as JWT (HS256) and reads them back. Safe for many threads. */
public final class CapabilityKey {
    private static final String ISSUER = "tiphys";
    private static final int LENGTH_BYTES = 32;

    private final byte[] secret;

    private CapabilityKey(byte[] secret) {
        if (secret.length < LENGTH_BYTES) {
            throw new IllegalArgumentException(
                    "a capability key has " + LENGTH_BYTES + " random bytes, this one " + secret.length);
        }
        this.secret = secret.clone();
    }

    public static CapabilityKey of(byte[] secret) {
        return new CapabilityKey(secret);
    }

    /** Reads Base64 text of 32 random bytes, as {@code TIPHYS_CAPABILITY_KEY_FILE} names it. */
    public static CapabilityKey read(Path file) throws IOException {
        var text = Files.readString(file).strip();
        try {
            return new CapabilityKey(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw new IOException("capability key file " + file + " must hold 32 random bytes in Base64", e);
        }
    }

    public String sign(Capability capability) {
        var claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(capability.workflowUid())
                .expirationTime(Date.from(capability.expires()))
                .claim("ns", capability.namespace())
                .claim("wf", capability.workflow())
                .claim("node", capability.node())
                .claim("pod", capability.pod())
                .claim("shard", capability.shard())
                .claim("read", capability.read())
                .claim("write", capability.write())
                .claim("agent", capability.agent() ? true : null)
                .build();
        var jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            jwt.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("cannot sign with HS256", e);
        }
        return jwt.serialize();
    }

    /** Checks signature, issuer and expiry at {@code now}. */
    public Capability verify(String token, Instant now) throws InvalidCapabilityException {
        try {
            var jwt = SignedJWT.parse(token);
            if (!JWSAlgorithm.HS256.equals(jwt.getHeader().getAlgorithm()) || !jwt.verify(new MACVerifier(secret))) {
                throw new InvalidCapabilityException("the capability is not signed with this system's key");
            }
            var claims = jwt.getJWTClaimsSet();
            if (!ISSUER.equals(claims.getIssuer())) {
                throw new InvalidCapabilityException("the capability's issuer is not " + ISSUER);
            }
            var expires = claims.getExpirationTime();
            if (expires == null || !now.isBefore(expires.toInstant())) {
                throw new InvalidCapabilityException("the capability expired at " + expires);
            }
            return new Capability(
                    required(claims.getSubject(), "sub"),
                    required(claims.getStringClaim("ns"), "ns"),
                    required(claims.getStringClaim("wf"), "wf"),
                    required(claims.getStringClaim("node"), "node"),
                    required(claims.getStringClaim("pod"), "pod"),
                    Objects.requireNonNullElse(claims.getIntegerClaim("shard"), 0),
                    expires.toInstant(),
                    locations(claims, "read"),
                    locations(claims, "write"),
                    Boolean.TRUE.equals(claims.getBooleanClaim("agent")));
        } catch (ParseException | JOSEException e) {
            throw new InvalidCapabilityException("the capability is no signed token", e);
        }
    }

    private static String required(@Nullable String value, String claim) throws InvalidCapabilityException {
        if (value == null) {
            throw new InvalidCapabilityException("the capability lacks the claim " + claim);
        }
        return value;
    }

    @SuppressWarnings("unchecked") // JSON objects come as maps with text keys
    private static Map<String, Map<String, Object>> locations(JWTClaimsSet claims, String claim)
            throws ParseException, InvalidCapabilityException {
        var byName = claims.getJSONObjectClaim(claim);
        var locations = new LinkedHashMap<String, Map<String, Object>>();
        if (byName == null) {
            return locations;
        }
        for (var entry : byName.entrySet()) {
            if (!(entry.getValue() instanceof Map<?, ?> location)) {
                throw new InvalidCapabilityException(
                        "the capability's " + claim + "." + entry.getKey() + " is no location");
            }
            locations.put(entry.getKey(), (Map<String, Object>) location);
        }
        return locations;
    }

    /** The token gives no right to anything; the message says why and is safe to show. */
    public static final class InvalidCapabilityException extends Exception {
        public InvalidCapabilityException(String message) {
            super(message);
        }

        InvalidCapabilityException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
