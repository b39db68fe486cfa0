package io.tiphys.submitter.auth;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How a caller proves who they are; as Argo's {@code --auth-mode} (Argo: docs/argo-server-auth-mode.md). */
public enum AuthMode {
    /** They don't: the submitter acts with its own rights. */
    SERVER,
    /** With a bearer token or a password of the Kubernetes API, whose rights the request has. */
    CLIENT;

    /**
     * The modes that are configured; {@code hybrid} is both.
     *
     * @throws IllegalArgumentException if there is none, or a word that is none
     */
    public static Set<AuthMode> parse(List<String> words) {
        Set<AuthMode> modes = EnumSet.noneOf(AuthMode.class);
        List<String> unknown = new ArrayList<>();
        for (String word : words) {
            switch (word.strip().toLowerCase(Locale.ROOT)) {
                case "server" -> modes.add(SERVER);
                case "client" -> modes.add(CLIENT);
                case "hybrid" -> modes.addAll(List.of(SERVER, CLIENT));
                default -> unknown.add(word);
            }
        }
        if (!unknown.isEmpty() || modes.isEmpty()) {
            throw new IllegalArgumentException("tiphys.submitter.auth-mode is " + words
                    + "; it must be one or several of server, client and hybrid (server and client)");
        }
        return modes;
    }

    /**
     * The mode of a request, empty if it is let in by none.
     *
     * @param authorization the header, empty for none
     */
    static Optional<AuthMode> of(Set<AuthMode> modes, String authorization) {
        boolean hasCredentials = authorization.startsWith("Bearer ") || authorization.startsWith("Basic ");
        if (modes.contains(CLIENT) && hasCredentials) {
            return Optional.of(CLIENT);
        }
        return modes.contains(SERVER) ? Optional.of(SERVER) : Optional.empty();
    }
}
