package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.tiphys.api.Artifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the executor puts inputs so that main finds them at their path. Normally in the volume {@code tiphys-inputs}, one
 * entry per artifact, mounted at the path. An input whose path lies in a volume that main mounts goes into that volume,
 * which the executor mounts under {@code /mainctrfs}.
 */
record InputPlaces(List<VolumeMount> userMounts) {

    /** For one or all containers that see the inputs; where they mount different volumes at a path, the first one counts. */
    static InputPlaces ofAll(List<Container> mains) {
        return new InputPlaces(mains.stream()
                .flatMap(container -> container.getVolumeMounts().stream())
                .toList());
    }

    /** Where the executor writes the artifact. */
    String stagePath(Artifact artifact) {
        String path = path(artifact);
        return userMount(path).isPresent() ? Names.PATH_USER_VOLUMES + path : Names.PATH_INPUTS + "/" + artifact.name();
    }

    List<VolumeMount> mainMounts(List<Artifact> artifacts, boolean isScript) {
        List<VolumeMount> mounts = new ArrayList<>();
        if (isScript) {
            mounts.add(mount(Names.PATH_SCRIPT, Names.SCRIPT_SUB_PATH));
        }
        for (Artifact artifact : artifacts) {
            String path = path(artifact);
            if (isStaged(artifact) && userMount(path).isEmpty()) {
                mounts.add(mount(path, artifact.name()));
            }
        }
        return mounts;
    }

    List<VolumeMount> executorMounts(List<Artifact> artifacts) {
        Map<String, VolumeMount> mounts = new LinkedHashMap<>();
        for (Artifact artifact : artifacts) {
            if (isStaged(artifact)) {
                userMount(path(artifact))
                        .ifPresent(mount -> mounts.put(
                                mount.getMountPath(),
                                new VolumeMountBuilder(mount)
                                        .withMountPath(Names.PATH_USER_VOLUMES + mount.getMountPath())
                                        .build()));
            }
        }
        return List.copyOf(mounts.values());
    }

    /** An optional input that nobody gives has no location: there is nothing to stage, and no file in main. */
    static boolean isStaged(Artifact artifact) {
        return artifact.oss() != null
                || artifact.s3() != null
                || artifact.raw() != null
                || artifact.gcs() != null
                || artifact.azure() != null
                || artifact.http() != null
                || artifact.git() != null
                || artifact.hdfs() != null
                || artifact.artifactory() != null
                || artifact.plugin() != null;
    }

    static String path(Artifact artifact) {
        String path = artifact.path();
        if (path == null || path.isEmpty()) {
            throw new PodRefusedException("inputs.artifacts.%s needs a path".formatted(artifact.name()));
        }
        return path;
    }

    private Optional<VolumeMount> userMount(String path) {
        VolumeMount longest = null;
        for (VolumeMount mount : userMounts) {
            if (isWithin(path, mount.getMountPath())
                    && (longest == null
                            || mount.getMountPath().length()
                                    > longest.getMountPath().length())) {
                longest = mount;
            }
        }
        return Optional.ofNullable(longest);
    }

    private static boolean isWithin(String path, String mountPath) {
        String directory = mountPath.endsWith("/") ? mountPath : mountPath + "/";
        return path.equals(mountPath) || path.startsWith(directory);
    }

    private static VolumeMount mount(String path, String subPath) {
        return new VolumeMountBuilder()
                .withName(Names.VOLUME_INPUTS)
                .withMountPath(path)
                .withSubPath(subPath)
                .build();
    }
}
