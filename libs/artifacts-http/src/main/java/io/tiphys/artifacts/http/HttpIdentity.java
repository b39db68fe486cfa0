package io.tiphys.artifacts.http;

import io.tiphys.api.HTTPAuth;
import io.tiphys.api.OAuth2Auth;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How a location authenticates at its URL. {@code toString} shows no secret. */
sealed interface HttpIdentity {
    record Nobody() implements HttpIdentity {}

    record Basic(String user, String password) implements HttpIdentity {
        @Override
        public String toString() {
            return "Basic[…]";
        }
    }

    /** PEM. */
    record Certificate(String chain, String key) implements HttpIdentity {
        @Override
        public String toString() {
            return "Certificate[…]";
        }
    }

    /** OAuth 2 client credentials (RFC 6749, section 4.4). */
    record Client(String tokenUrl, String id, String secret, List<String> scopes, List<Map.Entry<String, String>> more)
            implements HttpIdentity {
        @Override
        public String toString() {
            return "Client[…]";
        }
    }

    /** The identity that {@code http.auth} means. */
    static HttpIdentity of(@Nullable HTTPAuth auth, String namespace, Secrets secrets) throws StoreException {
        if (auth == null) {
            return new Nobody();
        }
        if (auth.clientCert() != null) {
            return new Certificate(
                    required(
                            secrets.resolve(namespace, auth.clientCert().clientCertSecret()),
                            "clientCert.clientCertSecret"),
                    required(
                            secrets.resolve(namespace, auth.clientCert().clientKeySecret()),
                            "clientCert.clientKeySecret"));
        }
        if (auth.oauth2() != null) {
            return client(auth.oauth2(), namespace, secrets);
        }
        if (auth.basicAuth() != null) {
            var user = secrets.resolve(namespace, auth.basicAuth().usernameSecret());
            var password = secrets.resolve(namespace, auth.basicAuth().passwordSecret());
            if (user != null || password != null) {
                return new Basic(user == null ? "" : user, password == null ? "" : password);
            }
        }
        return new Nobody();
    }

    private static Client client(OAuth2Auth auth, String namespace, Secrets secrets) throws StoreException {
        var more = new ArrayList<Map.Entry<String, String>>();
        for (var parameter : auth.endpointParams()) {
            more.add(Map.entry(parameter.key(), parameter.value() == null ? "" : parameter.value()));
        }
        return new Client(
                required(secrets.resolve(namespace, auth.tokenURLSecret()), "oauth2.tokenURLSecret"),
                required(secrets.resolve(namespace, auth.clientIDSecret()), "oauth2.clientIDSecret"),
                required(secrets.resolve(namespace, auth.clientSecretSecret()), "oauth2.clientSecretSecret"),
                auth.scopes(),
                List.copyOf(more));
    }

    private static String required(@Nullable String value, String field) throws StoreException {
        if (value == null || value.isEmpty()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks http.auth." + field);
        }
        return value;
    }
}
