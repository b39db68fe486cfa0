package io.tiphys.controller.health;

import io.tiphys.controller.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready when this replica takes part in the group of controllers. */
@Readiness
@ApplicationScoped
public class ControllerReadiness implements HealthCheck {
    private final Startup startup;

    public ControllerReadiness(Startup startup) {
        this.startup = startup;
    }

    @Override
    public HealthCheckResponse call() {
        return startup.waitingFor()
                .map(what -> HealthCheckResponse.named("controller")
                        .down()
                        .withData("waiting for", what)
                        .build())
                .orElseGet(() -> HealthCheckResponse.up("controller"));
    }
}
