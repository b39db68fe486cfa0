package io.tiphys.artifacts.gcs;

import com.google.auth.ServiceAccountSigner;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Who speaks to Google: gives access tokens, and signs where it can. A key signs by itself; an account of the surroundings signs through the
 * IAM API, if it may: that is tried once, and again ten minutes after it failed.
 */
final class GoogleIdentity {
    private static final Duration TRIED_AGAIN_AFTER = Duration.ofMinutes(10);

    private final GoogleCredentials credentials;
    private final InstantSource clock;
    private @Nullable Instant signsNotBefore;
    private boolean tried;

    GoogleIdentity(GoogleCredentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    String token(String what) throws StoreException {
        try {
            credentials.refreshIfExpired();
            var token = credentials.getAccessToken();
            if (token == null) {
                throw new StoreException(Kind.UNAVAILABLE, "cannot " + what + ": no access token from Google");
            }
            return token.getTokenValue();
        } catch (StoreException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreException(
                    Kind.UNAVAILABLE, "cannot " + what + ": no access token from Google, " + e.getMessage(), e);
        }
    }

    @Nullable
    String projectId() {
        return credentials instanceof ServiceAccountCredentials account ? account.getProjectId() : null;
    }

    /** Whether {@link #signer} gives one that works. */
    synchronized boolean canSign() {
        if (credentials instanceof ServiceAccountCredentials) {
            return true;
        }
        if (!(credentials instanceof ServiceAccountSigner signer)) {
            return false;
        }
        if (!tried || (signsNotBefore != null && !clock.instant().isBefore(signsNotBefore))) {
            tried = true;
            try {
                signer.sign("tiphys".getBytes(StandardCharsets.UTF_8));
                signsNotBefore = null;
            } catch (RuntimeException e) {
                signsNotBefore = clock.instant().plus(TRIED_AGAIN_AFTER);
            }
        }
        return signsNotBefore == null;
    }

    /** The account that signs, and what it signs. */
    ServiceAccountSigner signer(String what) throws StoreException {
        if (credentials instanceof ServiceAccountSigner signer) {
            return signer;
        }
        throw new StoreException(Kind.REFUSED, "cannot " + what + ": these credentials can't sign URLs");
    }
}
