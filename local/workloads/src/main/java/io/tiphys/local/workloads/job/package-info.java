/**
 * Jobs ({@code batch/v1}): {@link io.tiphys.local.workloads.job.JobPlan} says, without doing anything, what is to be done next about a Job
 * and its pods; {@link io.tiphys.local.workloads.job.JobController} does it.
 */
@NullMarked
package io.tiphys.local.workloads.job;

import org.jspecify.annotations.NullMarked;
