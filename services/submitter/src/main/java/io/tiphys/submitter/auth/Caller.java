package io.tiphys.submitter.auth;

import io.tiphys.submitter.config.SubmitterConfig;
import jakarta.enterprise.context.RequestScoped;
import java.util.Map;

/**
 * Who makes the request. In auth mode {@code server} nobody is asked: the submitter acts with its own rights, and what is created
 * carries no creator.
 */
@RequestScoped
public class Caller {
    private final String mode;

    public Caller(SubmitterConfig config) {
        this.mode = config.authMode();
    }

    public String authMode() {
        return mode;
    }

    /** Argo's labels {@code workflows.argoproj.io/creator…} for what this caller creates. */
    public Map<String, String> creatorLabels() {
        return Map.of();
    }

    /** Argo's labels {@code workflows.argoproj.io/actor…} for what this caller changes. */
    public Map<String, String> actorLabels(String action) {
        return Map.of();
    }
}
