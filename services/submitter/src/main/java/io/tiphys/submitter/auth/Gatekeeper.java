package io.tiphys.submitter.auth;

import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Cookie;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds out who calls (Argo: server/auth/gatekeeper.go). */
@ApplicationScoped
public class Gatekeeper {
    private static final String COOKIE = "authorization";

    private final Access access;
    private final Caller caller;

    public Gatekeeper(Access access, Caller caller) {
        this.access = access;
        this.caller = caller;
    }

    /**
     * Identifies the caller of the current request by its header or, without one, its cookie.
     *
     * @throws ApiException if no mode lets them in
     */
    public void letIn(@Nullable String authorization, Map<String, Cookie> cookies) {
        Cookie cookie = cookies.get(COOKIE);
        List<String> given = authorization != null
                ? List.of(authorization)
                : cookie == null ? List.of() : List.of(cookie.getValue());
        caller.identify(access.modes(), given);
    }
}
