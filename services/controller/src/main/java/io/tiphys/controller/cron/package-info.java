/**
 * Starts workflows on schedules. {@link io.tiphys.controller.cron.CronPlan} says, without doing anything, what is to be done for one cron
 * workflow at one moment; {@link io.tiphys.controller.cron.CronRunner} asks it for the crons whose shard this replica owns and does it.
 */
@NullMarked
package io.tiphys.controller.cron;

import org.jspecify.annotations.NullMarked;
