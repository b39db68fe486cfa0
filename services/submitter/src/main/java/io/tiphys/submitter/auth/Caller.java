package io.tiphys.submitter.auth;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.RequestScoped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes the request. In auth mode {@code server} nobody is asked: the submitter acts with its own rights, and what is created
 * carries no creator.
 */
@RequestScoped
public class Caller {
    private String authorization = "";
    private @Nullable AuthMode mode;

    /**
     * Takes the first of the given credentials that a mode lets in.
     *
     * @param authorizations header or cookies; empty for none
     * @throws ApiException if none is let in
     */
    void identify(Set<AuthMode> modes, List<String> authorizations) {
        List<String> given = authorizations.isEmpty() ? List.of("") : authorizations;
        for (String each : given) {
            var found = AuthMode.of(modes, each);
            if (found.isPresent()) {
                mode = found.get();
                authorization = mode == AuthMode.CLIENT ? each : "";
                return;
            }
        }
        throw new ApiException(
                Code.UNAUTHENTICATED, "token not valid. see https://argo-workflows.readthedocs.io/en/latest/faq/");
    }

    /** Whether the request was let in, in whatever mode. */
    boolean isIdentified() {
        return mode != null;
    }

    /** The credentials whose rights the request has; empty for the submitter's own. */
    String authorization() {
        return authorization;
    }

    /** Argo's labels {@code workflows.argoproj.io/creator…} for what this caller creates. */
    public Map<String, String> creatorLabels() {
        return claims().labels("creator");
    }

    /** Argo's labels {@code workflows.argoproj.io/actor…} for what this caller changes. */
    public Map<String, String> actorLabels(String action) {
        Map<String, String> labels = new LinkedHashMap<>(claims().labels("actor"));
        if (!labels.isEmpty()) {
            labels.put("workflows.argoproj.io/action", action);
        }
        return labels;
    }

    /** What is known of the caller, in the API's words; empty for nobody in particular. */
    public ObjectNode userInfo() {
        return claims().toUserInfo();
    }

    private Claims claims() {
        return authorization.isEmpty() ? Claims.NONE : Claims.of(authorization);
    }
}
