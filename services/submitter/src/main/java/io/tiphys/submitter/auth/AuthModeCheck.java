package io.tiphys.submitter.auth;

import io.quarkus.runtime.StartupEvent;
import io.tiphys.submitter.config.SubmitterConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Refuses to start with an auth mode that would let callers in who were meant to be kept out. */
@ApplicationScoped
class AuthModeCheck {
    void onStart(@Observes StartupEvent event, SubmitterConfig config) {
        if (!config.authMode().equals("server")) {
            throw new IllegalStateException("tiphys.submitter.auth-mode is \"" + config.authMode()
                    + "\"; the only mode there is so far is \"server\"");
        }
    }
}
