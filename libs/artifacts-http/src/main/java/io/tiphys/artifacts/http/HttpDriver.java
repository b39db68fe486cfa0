package io.tiphys.artifacts.http;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.artifacts.Clients;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Locations of the kinds {@code http} and {@code artifactory}; a driver is for one of them. One connection per identity is kept. */
public final class HttpDriver implements StoreDriver {
    /** Which field of a location it reads. */
    private enum Kinds {
        HTTP,
        ARTIFACTORY
    }

    private final Kinds which;
    private final Clients<HttpIdentity, Connection> connections;

    private HttpDriver(Kinds which, InstantSource clock) {
        this.which = which;
        this.connections = new Clients<>(identity -> new Connection(identity, clock), Connection::close, clock);
    }

    public static HttpDriver http(InstantSource clock) {
        return new HttpDriver(Kinds.HTTP, clock);
    }

    public static HttpDriver artifactory(InstantSource clock) {
        return new HttpDriver(Kinds.ARTIFACTORY, clock);
    }

    @Override
    public String kind() {
        return which == Kinds.HTTP ? "http" : "artifactory";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        return switch (which) {
            case HTTP -> {
                var http = location.http();
                if (http == null) {
                    yield Optional.empty();
                }
                var headers = new ArrayList<Map.Entry<String, String>>();
                for (var header : http.headers()) {
                    headers.add(Map.entry(header.name(), header.value()));
                }
                yield Optional.of(
                        located(http.url(), HttpIdentity.of(http.auth(), namespace, secrets), headers, false));
            }
            case ARTIFACTORY -> {
                var artifactory = location.artifactory();
                if (artifactory == null) {
                    yield Optional.empty();
                }
                var user = secrets.resolve(namespace, artifactory.usernameSecret());
                var password = secrets.resolve(namespace, artifactory.passwordSecret());
                HttpIdentity identity = user == null && password == null
                        ? new HttpIdentity.Nobody()
                        : new HttpIdentity.Basic(orEmpty(user), orEmpty(password));
                yield Optional.of(located(artifactory.url(), identity, List.of(), true));
            }
        };
    }

    private Located located(String url, HttpIdentity identity, List<Map.Entry<String, String>> headers, boolean deletes)
            throws StoreException {
        var uri = parse(url);
        var server = URI.create(uri.getScheme() + "://" + uri.getRawAuthority().replaceFirst("^.*@", ""));
        var key = Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("^/+", "");
        try {
            return new Located(
                    new HttpStore(
                            connections.of(identityOf(uri, identity)), server, uri.getRawQuery(), headers, deletes),
                    key);
        } catch (IllegalArgumentException e) {
            throw new StoreException(Kind.REFUSED, kind() + ".auth.clientCert: " + e.getMessage(), e);
        }
    }

    /** A URL may bear a user of its own. */
    private static HttpIdentity identityOf(URI uri, HttpIdentity told) {
        var user = uri.getUserInfo();
        if (user == null || !(told instanceof HttpIdentity.Nobody)) {
            return told;
        }
        int colon = user.indexOf(':');
        return new HttpIdentity.Basic(
                colon < 0 ? user : user.substring(0, colon), colon < 0 ? "" : user.substring(colon + 1));
    }

    private URI parse(String url) throws StoreException {
        try {
            var uri = URI.create(url.strip());
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED, kind() + ".url must be a URL that begins with http:// or https://, not \"" + url + "\"");
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    @Override
    public void close() {
        connections.close();
    }
}
