package io.tiphys.local.workloads;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.tiphys.local.workloads.job.JobController;
import java.time.Duration;

/** The controllers, running. What they do may be done twice, so another instance may go on where this one ended. */
public final class Workloads implements AutoCloseable {
    /** As Kubernetes waits after the first failure of a Job's pods; each further one doubles it. */
    private static final Duration FIRST_BACKOFF = Duration.ofSeconds(10);

    private final KubernetesClient client;
    private final JobController jobs;

    private Workloads(Config kubernetes, Duration firstBackoff) {
        this.client = new KubernetesClientBuilder().withConfig(kubernetes).build();
        this.jobs = new JobController(client, firstBackoff);
    }

    /** Starts them; what is there already is looked at first. */
    public static Workloads start(Config kubernetes) {
        return start(kubernetes, FIRST_BACKOFF);
    }

    static Workloads start(Config kubernetes, Duration firstBackoff) {
        return new Workloads(kubernetes, firstBackoff);
    }

    @Override
    public void close() {
        jobs.close();
        client.close();
    }
}
