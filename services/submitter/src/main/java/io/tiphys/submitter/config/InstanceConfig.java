package io.tiphys.submitter.config;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Which of several installations in a cluster this is. */
@ConfigMapping(prefix = "tiphys")
public interface InstanceConfig {
    /**
     * Argo's {@code instanceID}: the API shows and makes only what has the label {@code workflows.argoproj.io/controller-instanceid} with
     * this value; absent: only what hasn't the label. The same as the controller's.
     */
    Optional<String> instanceId();

    /** What workflows have where they say nothing, for their validation: the same as the controller's. */
    Optional<String> workflowDefaults();
}
