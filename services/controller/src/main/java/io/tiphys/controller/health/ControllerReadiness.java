package io.tiphys.controller.health;

import io.tiphys.controller.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.stream.Collectors;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready when this replica takes part in the group of controllers and reaches Kafka and the API server. */
@Readiness
@ApplicationScoped
public class ControllerReadiness implements HealthCheck {
    private final Startup startup;

    public ControllerReadiness(Startup startup) {
        this.startup = startup;
    }

    @Override
    public HealthCheckResponse call() {
        String shards =
                startup.ownedShards().stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("controller").withData("shards", shards);
        return startup.waitingFor()
                .map(what -> response.down().withData("waiting for", what))
                .orElseGet(response::up)
                .build();
    }
}
