package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import org.jspecify.annotations.Nullable;

/**
 * How many pods a Job wants and how many failures it takes, Kubernetes' defaults included.
 *
 * @param indexed whether each completion has an index
 * @param completions null: one success is enough, and then all that still run are waited for
 * @param replacesOnlyFailed whether a pod that is being deleted is replaced only once it has ended
 * @param backoffLimit of the whole Job
 * @param backoffLimitPerIndex null: indexes have no limit of their own
 */
record JobShape(
        boolean indexed,
        @Nullable Integer completions,
        int parallelism,
        boolean replacesOnlyFailed,
        int backoffLimit,
        @Nullable Integer backoffLimitPerIndex) {
    private static final int BACKOFF_LIMIT = 6;

    static JobShape of(JobSpec spec) {
        return new JobShape(
                "Indexed".equals(spec.getCompletionMode()),
                spec.getCompletions(),
                or(spec.getParallelism(), 1),
                "Failed".equals(spec.getPodReplacementPolicy()) || spec.getPodFailurePolicy() != null,
                or(spec.getBackoffLimit(), spec.getBackoffLimitPerIndex() == null ? BACKOFF_LIMIT : Integer.MAX_VALUE),
                spec.getBackoffLimitPerIndex());
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }

    /** How many indexes there are, from 0. */
    int indexes() {
        return or(completions, 0);
    }

    boolean isIndex(int index) {
        return index >= 0 && index < indexes();
    }
}
