/** What agents have to do: the WorkflowTaskSets of the cluster, handed out to the agent of each workflow under its capability. */
@NullMarked
package io.tiphys.uploader.agent;

import org.jspecify.annotations.NullMarked;
