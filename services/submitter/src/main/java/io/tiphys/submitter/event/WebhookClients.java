package io.tiphys.submitter.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Who may send webhooks to a namespace: the Secret {@code argo-workflows-webhook-clients}, whose entries are
 * {@code {type: github|gitlab|bitbucket|bitbucketserver, secret: …}}. Argo: docs/webhooks.md.
 */
@ApplicationScoped
public class WebhookClients {
    static final String SECRET = "argo-workflows-webhook-clients";

    private final KubernetesClient client;

    public WebhookClients(KubernetesClient client) {
        this.client = client;
    }

    /** What the signature of a request is worth. */
    public enum Verdict {
        /** It is one of the namespace's clients'. */
        SIGNED,
        /** It isn't. */
        REFUSED,
        /** The namespace has no clients: webhooks are not told apart. */
        NO_CLIENTS
    }

    /**
     * Whether the request comes from one of the clients.
     *
     * @param header the request's header of this name, or null
     */
    public Verdict check(String namespace, Function<String, @Nullable String> header, byte[] body) {
        Secret secret = client.secrets().inNamespace(namespace).withName(SECRET).get();
        if (secret == null || secret.getData() == null || secret.getData().isEmpty()) {
            return Verdict.NO_CLIENTS;
        }
        for (Map.Entry<String, String> entry : secret.getData().entrySet()) {
            String yaml = new String(Base64.getDecoder().decode(entry.getValue()), UTF_8);
            JsonNode webhook = Serialization.unmarshal(yaml, JsonNode.class);
            if (matches(webhook.path("type").asText(""), webhook.path("secret").asText(""), header, body)) {
                return Verdict.SIGNED;
            }
        }
        return Verdict.REFUSED;
    }

    /** Whether a sender of this type that knows the secret sent this. */
    static boolean matches(String type, String secret, Function<String, @Nullable String> header, byte[] body) {
        if (secret.isEmpty()) {
            return false;
        }
        return switch (type) {
            case "github" ->
                header.apply("X-GitHub-Event") != null && isSigned(secret, header.apply("X-Hub-Signature-256"), body);
            case "gitlab" -> header.apply("X-Gitlab-Event") != null && isEqual(secret, header.apply("X-Gitlab-Token"));
            case "bitbucket" -> header.apply("X-Event-Key") != null && isEqual(secret, header.apply("X-Hook-UUID"));
            case "bitbucketserver" ->
                header.apply("X-Event-Key") != null && isSigned(secret, header.apply("X-Hub-Signature"), body);
            default -> false;
        };
    }

    private static boolean isSigned(String secret, @Nullable String signature, byte[] body) {
        if (signature == null || !signature.startsWith("sha256=")) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return isEqual(HexFormat.of().formatHex(mac.doFinal(body)), signature.substring("sha256=".length()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has HmacSHA256", e);
        }
    }

    private static boolean isEqual(String expected, @Nullable String given) {
        return given != null && MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
    }
}
