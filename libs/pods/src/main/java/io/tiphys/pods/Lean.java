package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.List;

/** A plain pod, for a template that moves no data: the user's containers and nothing else. */
record Lean(UserContainers user, ArgoVariables variables) implements Shape {
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
}
