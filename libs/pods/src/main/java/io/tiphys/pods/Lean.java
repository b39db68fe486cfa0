package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;

/**
 * A plain pod, for a template that moves no data: the user's containers and nothing else. Its containers share their processes, so that
 * main isn't the first of them: the first process never gets a signal that it doesn't handle, and in Argo that is the executor (a command
 * that is told to stop stops at once, one that kills itself has exit code 143).
 */
record Lean(UserContainers user, ArgoVariables variables) implements Shape {
    private static final String OS = "kubernetes.io/os";

    @Override
    public List<Container> initContainers() {
        return user.initContainers().stream().map(variables::onInit).toList();
    }

    @Override
    public List<Container> containers() {
        return user.containers().stream().map(variables::on).toList();
    }

    @Override
    public List<Volume> volumes() {
        return List.of();
    }

    /** Unless the user says otherwise, or it can't be had. */
    @Override
    public PodSpec finished(PodSpec patched) {
        boolean isSaid = patched.getShareProcessNamespace() != null || Boolean.TRUE.equals(patched.getHostPID());
        boolean isWindows = patched.getNodeSelector() != null
                && "windows".equals(patched.getNodeSelector().get(OS));
        return isSaid || isWindows
                ? patched
                : new PodSpecBuilder(patched).withShareProcessNamespace(true).build();
    }
}
