package io.tiphys.uploader.rest;

import io.tiphys.transfer.Capability;
import io.tiphys.transfer.CapabilityKey;
import io.tiphys.transfer.CapabilityKey.InvalidCapabilityException;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.session.RefusedException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** Reads the capability from a request's {@code Authorization} header. */
public final class Authority {
    private static final String SCHEME = "Bearer ";

    private final CapabilityKey key;
    private final Clock clock;

    public Authority(CapabilityKey key, Clock clock) {
        this.key = key;
        this.clock = clock;
    }

    Capability require(@Nullable String authorization) throws RefusedException {
        if (authorization == null || !authorization.startsWith(SCHEME)) {
            throw new RefusedException(
                    401, Refusal.UNAUTHORIZED, "the header \"Authorization: Bearer <capability>\" is missing");
        }
        try {
            return key.verify(authorization.substring(SCHEME.length()), clock.instant());
        } catch (InvalidCapabilityException e) {
            throw new RefusedException(401, Refusal.UNAUTHORIZED, String.valueOf(e.getMessage()));
        }
    }

    String sign(Capability capability) {
        return key.sign(capability);
    }
}
