package io.tiphys.uploader.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tiphys.transfer.Capability;
import io.tiphys.transfer.CapabilityKey;
import io.tiphys.transfer.Refusal;
import io.tiphys.uploader.session.RefusedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final CapabilityKey OURS = key(1);
    private static final Capability CAPABILITY = new Capability(
            "uid-1",
            "default",
            "hello",
            "hello-1",
            "hello-main-1",
            7,
            NOW.plusSeconds(60),
            Map.of(),
            Map.of("out", Map.of("oss", Map.of("bucket", "b", "key", "hello/out.tgz"))));

    private final Authority authority = at(NOW);

    private static CapabilityKey key(int value) {
        var secret = new byte[32];
        Arrays.fill(secret, (byte) value);
        return CapabilityKey.of(secret);
    }

    private static Authority at(Instant now) {
        return new Authority(OURS, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void assertRefused(Authority authority, @Nullable String header, String why) {
        assertThatThrownBy(() -> authority.require(header))
                .isInstanceOfSatisfying(RefusedException.class, refused -> {
                    assertThat(refused.status()).isEqualTo(401);
                    assertThat(refused.reason()).isEqualTo(Refusal.UNAUTHORIZED);
                })
                .hasMessageContaining(why)
                .satisfies(refused -> assertThat(header == null
                                || header.length() < 20
                                || !String.valueOf(refused.getMessage())
                                        .contains(header.substring(header.length() - 20)))
                        .as("the message has nothing of the token")
                        .isTrue());
    }

    @Test
    void aTokenOfThisSystemIsTaken() throws Exception {
        assertThat(authority.require("Bearer " + OURS.sign(CAPABILITY))).isEqualTo(CAPABILITY);
    }

    /** A token is no secret of one connection: who has caught one may show it again, until it ends and no longer. */
    @Test
    void aTokenThatIsShownAgainWhenItHasExpiredIsRefused() throws Exception {
        var caught = "Bearer " + OURS.sign(CAPABILITY);
        assertThat(at(NOW.plusSeconds(59)).require(caught)).isEqualTo(CAPABILITY);

        assertRefused(at(NOW.plusSeconds(60)), caught, "expired");
        assertRefused(at(NOW.plus(Duration.ofDays(365))), caught, "expired");
    }

    @Test
    void theTokenThatWasRenewedEndsWhenItWould() throws Exception {
        var first = "Bearer " + OURS.sign(CAPABILITY);
        var renewed = "Bearer " + authority.sign(CAPABILITY.until(NOW.plusSeconds(600)));

        assertRefused(at(NOW.plusSeconds(61)), first, "expired");
        assertThat(at(NOW.plusSeconds(61)).require(renewed).write()).isEqualTo(CAPABILITY.write());
        assertRefused(at(NOW.plusSeconds(600)), renewed, "expired");
    }

    @Test
    void aTokenOfAnotherSystemIsRefused() {
        assertRefused(authority, "Bearer " + key(2).sign(CAPABILITY), "not signed with this system's key");
    }

    @Test
    void aTokenThatSaysMoreThanWasSignedIsRefused() {
        var parts = OURS.sign(CAPABILITY).split("\\.", -1);
        var claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        for (var more : List.of(
                claims.replace("hello/out.tgz", "secret/of-others"),
                claims.replace("uid-1", "uid-2"),
                claims.replaceFirst("\"exp\":\\d+", "\"exp\":4102444800"))) {
            assertThat(more).isNotEqualTo(claims);
            var altered = Base64.getUrlEncoder().withoutPadding().encodeToString(more.getBytes(UTF_8));
            assertRefused(
                    authority,
                    "Bearer " + parts[0] + "." + altered + "." + parts[2],
                    "not signed with this system's key");
        }
    }

    @Test
    void whatIsNoTokenIsRefused() {
        assertRefused(authority, null, "missing");
        assertRefused(authority, "", "missing");
        assertRefused(authority, "Basic dXNlcjpwYXNz", "missing");
        assertRefused(authority, "Bearer ", "no signed token");
        assertRefused(authority, "Bearer a.b.c", "no signed token");
    }
}
