package io.tiphys.submitter.startup;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready once the Kubernetes API has answered; Kafka is reported but not waited for, since most of the API needs none. */
@Readiness
@ApplicationScoped
class DependenciesCheck implements HealthCheck {
    private final Dependencies dependencies;

    DependenciesCheck(Dependencies dependencies) {
        this.dependencies = dependencies;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("kubernetes and topics")
                .status(dependencies.hasKubernetes())
                .withData("kubernetes", dependencies.hasKubernetes())
                .withData("kafka", dependencies.hasTopics())
                .build();
    }
}
