package io.tiphys.submitter.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WebhookClientsTest {
    private static final byte[] BODY = "{}".getBytes(UTF_8);
    /** HMAC-SHA256 of the body with the secret {@code sh!}. */
    private static final String SIGNATURE = "926ceeb8dcd67d5979fd7d726e3905af6d220f7fd6b2d8cce946906f7cf35963";

    private static boolean matches(String type, String secret, Map<String, String> headers) {
        return WebhookClients.matches(type, secret, headers::get, BODY);
    }

    @Test
    void eachKindOfSenderProvesItselfItsOwnWay() {
        assertThat(matches(
                        "github",
                        "sh!",
                        Map.of("X-GitHub-Event", "push", "X-Hub-Signature-256", "sha256=" + SIGNATURE)))
                .isTrue();
        assertThat(matches("gitlab", "sh!", Map.of("X-Gitlab-Event", "Push Hook", "X-Gitlab-Token", "sh!")))
                .isTrue();
        assertThat(matches("bitbucket", "sh!", Map.of("X-Event-Key", "repo:push", "X-Hook-UUID", "sh!")))
                .isTrue();
        assertThat(matches(
                        "bitbucketserver",
                        "sh!",
                        Map.of("X-Event-Key", "pr:modified", "X-Hub-Signature", "sha256=" + SIGNATURE)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"github", "gitlab", "bitbucket", "bitbucketserver", "unheard-of", "''"})
    void nobodyElseIsLetIn(String type) {
        Map<String, String> forged = Map.of(
                "X-GitHub-Event", "push",
                "X-Hub-Signature-256", "sha256=" + SIGNATURE.replace('9', '8'),
                "X-Hub-Signature", SIGNATURE,
                "X-Gitlab-Event", "Push Hook",
                "X-Gitlab-Token", "guess",
                "X-Event-Key", "repo:push",
                "X-Hook-UUID", "guess");

        assertThat(matches(type, "sh!", forged)).isFalse();
        assertThat(matches(type, "sh!", Map.of())).isFalse();
        assertThat(matches(type, "", Map.of("X-Gitlab-Event", "e", "X-Gitlab-Token", "", "X-Event-Key", "k")))
                .as("a client without a secret")
                .isFalse();
    }
}
