package io.tiphys.uploader.startup;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before Postgres and Kafka are there; says which one is missing. */
@Singleton
@Readiness
class DependencyCheck implements HealthCheck {
    private final Dependencies dependencies;

    DependencyCheck(Dependencies dependencies) {
        this.dependencies = dependencies;
    }

    @Override
    public HealthCheckResponse call() {
        var waitingFor = dependencies.waitingFor();
        var answer = HealthCheckResponse.named("dependencies");
        return waitingFor.isEmpty()
                ? answer.up().build()
                : answer.down().withData("waitingFor", waitingFor).build();
    }
}
