package io.tiphys.controller.image;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An image's name, taken apart as container runtimes do (the reference grammar of distribution/reference): what comes before the first slash
 * is a registry if it has a dot or a colon or is {@code localhost}, else all of it lies at Docker Hub.
 *
 * @param registry host, with its port if one is given
 * @param reference a digest or a tag, {@code latest} if neither is given
 */
record ImageName(String registry, String repository, String reference) {
    private static final String HUB = "docker.io";
    private static final int LONGEST = 1000;
    private static final Pattern NAME =
            Pattern.compile("(?<repository>[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*)"
                    + "(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?");
    private static final Pattern REGISTRY =
            Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(?::\\d{1,5})?");

    /** The name's parts, or empty if this names no image. */
    static Optional<ImageName> parse(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        int slash = text.indexOf('/');
        String first = slash < 0 ? "" : text.substring(0, slash);
        boolean named = first.contains(".") || first.contains(":") || first.equals("localhost");
        String registry = named ? first.toLowerCase(Locale.ROOT) : HUB;
        Matcher rest = NAME.matcher(named ? text.substring(slash + 1) : text);
        if (!rest.matches() || !REGISTRY.matcher(registry).matches()) {
            return Optional.empty();
        }
        String repository = rest.group("repository");
        boolean isHub = registry.equals(HUB) || registry.equals("index.docker.io");
        String digest = rest.group("digest");
        String tag = rest.group("tag");
        return Optional.of(new ImageName(
                isHub ? HUB : registry,
                isHub && repository.indexOf('/') < 0 ? "library/" + repository : repository,
                digest != null ? digest : tag != null ? tag : "latest"));
    }

    /** The registry's base address; plain HTTP at this machine itself and where the operator says so. */
    URI base(Set<String> plainHttp) {
        String host = registry.equals(HUB) ? "registry-1.docker.io" : registry;
        boolean isPlain = plainHttp.contains(registry)
                || host.matches("(?:localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1])(?::\\d+)?");
        return URI.create((isPlain ? "http://" : "https://") + host);
    }

    /** Whether nothing but a digest is asked for, so that the answer never changes. */
    boolean isFixed() {
        return reference.startsWith("sha256:");
    }
}
