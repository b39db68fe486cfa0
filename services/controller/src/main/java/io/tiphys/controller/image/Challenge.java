package io.tiphys.controller.image;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a registry wants of those who ask, from its {@code WWW-Authenticate} headers. */
sealed interface Challenge {
    Pattern PARAMETER = Pattern.compile("(\\w+)\\s*=\\s*(?:\"([^\"]*)\"|([^\\s,]+))");

    record Basic() implements Challenge {}

    /** A token of another server (distribution's token authentication). */
    record Bearer(String realm, String service) implements Challenge {

        /** Where to get a token that lets one read the repository; empty if that is no address for it. */
        Optional<URI> tokenAddress(URI registry, String repository) {
            try {
                String query =
                        "service=" + encoded(service) + "&scope=" + encoded("repository:" + repository + ":pull");
                URI address = URI.create(realm + (realm.contains("?") ? "&" : "?") + query);
                boolean isAsSafe = "https".equals(address.getScheme())
                        || ("http".equals(address.getScheme()) && "http".equals(registry.getScheme()));
                return isAsSafe && address.getHost() != null ? Optional.of(address) : Optional.empty();
            } catch (IllegalArgumentException _) {
                return Optional.empty();
            }
        }
    }

    /** The first that is understood; empty if none is. */
    static Optional<Challenge> of(List<String> headers) {
        for (String header : headers) {
            String kind = header.strip().toLowerCase(Locale.ROOT);
            if (kind.startsWith("bearer ")) {
                Map<String, String> parameters = parameters(header.strip().substring("bearer ".length()));
                String realm = parameters.get("realm");
                if (realm != null) {
                    return Optional.of(new Bearer(realm, parameters.getOrDefault("service", "")));
                }
            } else if (kind.equals("basic") || kind.startsWith("basic ")) {
                return Optional.of(new Basic());
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> parameters(String text) {
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text);
        while (matcher.find()) {
            String quoted = matcher.group(2);
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), quoted != null ? quoted : matcher.group(3));
        }
        return parameters;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
