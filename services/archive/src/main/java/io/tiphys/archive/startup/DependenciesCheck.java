package io.tiphys.archive.startup;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the tables and the topics are there. */
@Readiness
@ApplicationScoped
class DependenciesCheck implements HealthCheck {
    private final Dependencies dependencies;

    DependenciesCheck(Dependencies dependencies) {
        this.dependencies = dependencies;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("schema and topics")
                .status(dependencies.hasSchema() && dependencies.hasTopics())
                .withData("postgres", dependencies.hasSchema())
                .withData("kafka", dependencies.hasTopics())
                .build();
    }
}
