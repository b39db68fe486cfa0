package io.tiphys.submitter.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AuthModeTest {

    @Test
    void modesAreArgosWords() {
        assertThat(AuthMode.parse(List.of("server"))).containsExactly(AuthMode.SERVER);
        assertThat(AuthMode.parse(List.of("client", "server"))).containsExactlyInAnyOrder(AuthMode.values());
        assertThat(AuthMode.parse(List.of("hybrid"))).containsExactlyInAnyOrder(AuthMode.values());
        assertThatThrownBy(() -> AuthMode.parse(List.of("none"))).hasMessageContaining("[none]");
        assertThatThrownBy(() -> AuthMode.parse(List.of())).hasMessageContaining("one or several");
    }

    @Test
    void whoBringsCredentialsIsAClientWhereThereMayBeClients() {
        Set<AuthMode> client = Set.of(AuthMode.CLIENT);
        Set<AuthMode> both = Set.of(AuthMode.CLIENT, AuthMode.SERVER);

        assertThat(AuthMode.of(client, "Bearer t")).contains(AuthMode.CLIENT);
        assertThat(AuthMode.of(client, "Basic dTpw")).contains(AuthMode.CLIENT);
        assertThat(AuthMode.of(client, "")).isEmpty();
        assertThat(AuthMode.of(client, "t")).isEmpty();
        assertThat(AuthMode.of(both, "Bearer t")).contains(AuthMode.CLIENT);
        assertThat(AuthMode.of(both, "")).contains(AuthMode.SERVER);
        assertThat(AuthMode.of(Set.of(AuthMode.SERVER), "Bearer t")).contains(AuthMode.SERVER);
    }

    @Test
    void claimsBecomeLabels() {
        String payload = "{\"sub\":\"system:serviceaccount:argo:jenkins\",\"email\":\"j@example.com\"}";
        String token = "h." + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8)) + ".s";

        assertThat(Claims.of("Bearer " + token).labels("creator"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "workflows.argoproj.io/creator", "system-serviceaccount-argo-jenkins",
                        "workflows.argoproj.io/creator-email", "j.at.example.com"));
        assertThat(Claims.of("Bearer " + token)
                        .toUserInfo()
                        .path("serviceAccountName")
                        .asText())
                .isEqualTo("jenkins");
    }

    @Test
    void whatIsNoTokenClaimsNothing() {
        assertThat(Claims.of("Bearer opaque").labels("creator")).isEmpty();
        assertThat(Claims.of("Bearer a.%%%.c").labels("creator")).isEmpty();
        assertThat(Claims.of("Basic " + Base64.getEncoder().encodeToString("ann:secret".getBytes(UTF_8)))
                        .subject())
                .isEqualTo("ann");
    }
}
