package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tiphys.api.Template;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's volumes: the template's own, and of the workflow's and its claims those that a container mounts (Argo does the same). */
final class PodVolumes {
    private PodVolumes() {}

    static List<Volume> of(Template template, WorkflowFacts workflow, Shape shape) {
        Set<String> used = new HashSet<>();
        for (List<Container> group : List.of(shape.initContainers(), shape.containers())) {
            for (Container container : group) {
                container.getVolumeMounts().forEach(mount -> used.add(mount.getName()));
                container.getVolumeDevices().forEach(device -> used.add(device.getName()));
            }
        }
        Map<String, Volume> volumes = new LinkedHashMap<>();
        for (List<Volume> known : List.of(workflow.spec().volumes(), workflow.claimVolumes())) {
            known.stream()
                    .filter(volume -> used.contains(volume.getName()))
                    .forEach(volume -> volumes.put(volume.getName(), volume));
        }
        template.volumes().forEach(volume -> volumes.put(volume.getName(), volume));
        List<Volume> all = new ArrayList<>(shape.volumes());
        all.addAll(volumes.values());
        return all;
    }

    static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    static VolumeMount mount(String volume, String path) {
        return new VolumeMountBuilder().withName(volume).withMountPath(path).build();
    }
}
