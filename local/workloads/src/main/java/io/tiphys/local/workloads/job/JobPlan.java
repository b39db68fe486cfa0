package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is to be done next about a Job, in this order: write the status, let go of pods that are counted in it, delete and create pods.
 *
 * @param release pods whose end is in the status and that need not be kept for it
 * @param delete pods that are not to run on
 * @param create a pod for each completion index, or -1 for each pod of a Job without indexes
 * @param wake when to look again although nothing happens; {@link Instant#MAX} for never
 * @param expired whether the Job has ended long enough ago to be deleted
 */
record JobPlan(
        JobStatus status, List<Pod> release, List<Pod> delete, List<NewPod> create, Instant wake, boolean expired) {
    JobPlan {
        release = List.copyOf(release);
        delete = List.copyOf(delete);
        create = List.copyOf(create);
    }

    /**
     * A pod to create.
     *
     * @param index its completion index; -1 for none
     * @param failuresBefore how often the index has failed
     */
    record NewPod(int index, int failuresBefore) {}

    /**
     * The plan for a Job as it is.
     *
     * @param pods all pods that it controls
     * @param firstBackoff how long to wait after the first failure; each further one doubles it
     */
    static JobPlan of(Job job, List<Pod> pods, Instant now, Duration firstBackoff) {
        return new JobPlanner(job, pods, now, firstBackoff).plan();
    }
}
