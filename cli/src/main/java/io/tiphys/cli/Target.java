package io.tiphys.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server that a command speaks to.
 *
 * @param server base URL without a slash at its end
 * @param authorization value of the header, "" for none
 * @param namespace where workflows live unless the command or the manifest says otherwise
 * @param hint what may be wrong if the server doesn't answer
 */
record Target(URI server, String authorization, String namespace, String hint) {

    /** What the command line says; null where it says nothing. */
    record Wishes(
            @Nullable Path home,
            @Nullable String server,
            @Nullable String token,
            @Nullable String namespace) {}

    /**
     * The first that is given of: {@code --server}, {@code --home}, {@code TIPHYS_HOME}, {@code ARGO_SERVER}, {@code ~/.tiphys}.
     *
     * @throws CommandFailure if there is no instance to speak to
     */
    static Target find(Wishes wishes, Map<String, String> environment) {
        String token = first(wishes.token(), environment.get("ARGO_TOKEN"));
        String namespace = first(wishes.namespace(), environment.get("ARGO_NAMESPACE"));
        String argoServer = first(environment.get("ARGO_SERVER"));
        boolean homeGiven =
                wishes.home() != null || !first(environment.get("TIPHYS_HOME")).isEmpty();
        if (wishes.server() != null) {
            return new Target(
                    url(wishes.server(), environment), bearer(token), first(namespace, "default"), "is the URL right?");
        }
        if (!homeGiven && !argoServer.isEmpty()) {
            return new Target(
                    url(argoServer, environment),
                    bearer(token),
                    first(namespace, "default"),
                    "it comes from ARGO_SERVER");
        }
        return ofInstance(home(wishes.home(), environment), token, namespace);
    }

    static Path home(@Nullable Path given, Map<String, String> environment) {
        if (given != null) {
            return given;
        }
        String home = first(environment.get("TIPHYS_HOME"));
        return home.isEmpty() ? Path.of(System.getProperty("user.home", "."), ".tiphys") : Path.of(home);
    }

    private static Target ofInstance(Path home, String token, String namespace) {
        Path file = home.resolve("instance.json");
        try {
            JsonNode instance = Json.parse(Files.readString(file));
            String api = first(
                    instance.path("urls").path("api").asText(""),
                    instance.path("apiUrl").asText(""));
            if (api.isEmpty()) {
                throw CommandFailure.notReachable(
                        "the Tiphys in " + home + " is still starting; \"tiphys status\" tells how far it is");
            }
            return new Target(
                    URI.create(stripSlash(api)),
                    bearer(token),
                    first(namespace, instance.path("namespace").asText(""), "default"),
                    "\"tiphys status\" tells what runs");
        } catch (NoSuchFileException e) {
            throw CommandFailure.notReachable("no Tiphys runs in " + home
                    + ": start one with \"tiphys up\", or name a server with --server URL or ARGO_SERVER");
        } catch (JsonProcessingException e) {
            throw CommandFailure.notReachable(
                    file + " is not readable as JSON; is \"tiphys up\" just starting? Try again");
        } catch (IOException e) {
            throw CommandFailure.notReachable("can't read " + file + ": " + e);
        }
    }

    private static URI url(String server, Map<String, String> environment) {
        boolean secure = !"false".equalsIgnoreCase(environment.get("ARGO_SECURE"));
        String url = server.contains("://") ? server : (secure ? "https://" : "http://") + server;
        try {
            URI uri = URI.create(stripSlash(url));
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw CommandFailure.invalid("\"" + server + "\" is not a server URL; write it as http://localhost:2746");
    }

    private static String stripSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String bearer(String token) {
        return token.isEmpty() || token.contains(" ") ? token : "Bearer " + token;
    }

    private static String first(@Nullable String... candidates) {
        for (String candidate : candidates) {
            if (candidate != null && !candidate.isBlank()) {
                return candidate.strip();
            }
        }
        return "";
    }
}
