package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.HostPathVolumeSource;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.tiphys.local.node.container.Mount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A pod's volumes, made once before its first container, and what each container sees of them. */
final class PodVolumes {
    private static final int DEFAULT_MODE = 0644;

    /** Content of a volume made from objects of the API: path to bytes and mode. */
    private record File(ByteBuffer content, int mode) {}

    private record Prepared(Path path, boolean readOnly) {}

    private final Pod pod;
    private final PodFolder folder;
    private final Path claims;
    private final ConfigSource source;
    private final DownwardApi downward;
    private final Map<String, Prepared> prepared = new HashMap<>();

    PodVolumes(Pod pod, PodFolder folder, Path claims, ConfigSource source, DownwardApi downward) {
        this.pod = pod;
        this.folder = folder;
        this.claims = claims;
        this.source = source;
        this.downward = downward;
    }

    /**
     * Makes all volumes.
     *
     * @throws ConfigException when one refers to something that isn't there (yet)
     */
    void prepare() throws IOException {
        for (Volume volume : pod.getSpec().getVolumes()) {
            if (!prepared.containsKey(volume.getName())) {
                prepared.put(volume.getName(), prepare(volume));
            }
        }
    }

    private Prepared prepare(Volume volume) throws IOException {
        Path own = folder.volumes().resolve(volume.getName());
        if (volume.getHostPath() != null) {
            return new Prepared(hostPath(volume.getName(), volume.getHostPath()), false);
        }
        if (volume.getPersistentVolumeClaim() != null) {
            String name = volume.getPersistentVolumeClaim().getClaimName();
            PersistentVolumeClaim claim = source.claim(name);
            if (claim == null) {
                throw failedMount(volume.getName(), "persistentvolumeclaim \"" + name + "\" not found");
            }
            Path path = PodFolder.open(claims.resolve(claim.getMetadata().getUid()), "rwxrwxrwx");
            return new Prepared(
                    path.toRealPath(),
                    Boolean.TRUE.equals(volume.getPersistentVolumeClaim().getReadOnly()));
        }
        Map<String, File> files = new LinkedHashMap<>();
        if (volume.getConfigMap() != null) {
            var map = volume.getConfigMap();
            addConfigMap(
                    files, volume.getName(), map.getName(), map.getItems(), map.getOptional(), map.getDefaultMode());
        } else if (volume.getSecret() != null) {
            var secret = volume.getSecret();
            addSecret(
                    files,
                    volume.getName(),
                    secret.getSecretName(),
                    secret.getItems(),
                    secret.getOptional(),
                    secret.getDefaultMode());
        } else if (volume.getDownwardAPI() != null) {
            addDownward(
                    files,
                    volume.getDownwardAPI().getItems(),
                    volume.getDownwardAPI().getDefaultMode());
        } else if (volume.getProjected() != null) {
            for (VolumeProjection projection : volume.getProjected().getSources()) {
                addProjection(
                        files,
                        volume.getName(),
                        projection,
                        volume.getProjected().getDefaultMode());
            }
        } else if (volume.getEmptyDir() != null || volume.getEphemeral() != null) {
            PodFolder.open(own, "rwxrwxrwx");
            giveToGroup(own);
            return new Prepared(own.toRealPath(), false);
        } else {
            throw failedMount(
                    volume.getName(),
                    "this node offers emptyDir, hostPath, configMap, secret, projected, downwardAPI, ephemeral and "
                            + "persistentVolumeClaim volumes only");
        }
        write(PodFolder.open(own, "rwxr-xr-x"), files);
        return new Prepared(own.toRealPath(), true);
    }

    private void giveToGroup(Path path) throws IOException {
        PodSecurityContext security = pod.getSpec().getSecurityContext();
        if (security != null && security.getFsGroup() != null) {
            try {
                Files.setAttribute(path, "unix:gid", security.getFsGroup().intValue());
            } catch (java.nio.file.FileSystemException e) {
                // Not root: everybody may write anyway.
            }
        }
    }

    private static Path hostPath(String volume, HostPathVolumeSource host) throws IOException {
        Path path = Path.of(host.getPath());
        String type = host.getType() == null ? "" : host.getType();
        if (type.equals("DirectoryOrCreate")) {
            Files.createDirectories(path);
        } else if (type.equals("FileOrCreate") && !Files.exists(path)) {
            Files.createFile(path);
        }
        boolean fits = switch (type) {
            case "Directory" -> Files.isDirectory(path);
            case "File" -> Files.isRegularFile(path);
            default -> Files.exists(path) || (type.isEmpty() && Files.isDirectory(Files.createDirectories(path)));
        };
        if (!fits) {
            throw failedMount(volume, "hostPath type check failed: " + path + " is not a " + type);
        }
        return path.toRealPath();
    }

    private void addProjection(
            Map<String, File> files, String volume, VolumeProjection projection, @Nullable Integer mode)
            throws IOException {
        if (projection.getConfigMap() != null) {
            var map = projection.getConfigMap();
            addConfigMap(files, volume, map.getName(), map.getItems(), map.getOptional(), mode);
        }
        if (projection.getSecret() != null) {
            var secret = projection.getSecret();
            addSecret(files, volume, secret.getName(), secret.getItems(), secret.getOptional(), mode);
        }
        if (projection.getDownwardAPI() != null) {
            addDownward(files, projection.getDownwardAPI().getItems(), mode);
        }
        if (projection.getServiceAccountToken() != null) {
            // The local API server lets everybody in, so any text is a token.
            byte[] token = "local".getBytes(StandardCharsets.UTF_8);
            files.put(projection.getServiceAccountToken().getPath(), new File(ByteBuffer.wrap(token), 0600));
        }
    }

    private void addConfigMap(
            Map<String, File> files,
            String volume,
            String name,
            List<KeyToPath> items,
            @Nullable Boolean optional,
            @Nullable Integer mode)
            throws ConfigException {
        ConfigMap map = source.configMap(name);
        if (map == null) {
            requireOptional(volume, "configmap \"" + name + "\" not found", optional);
            return;
        }
        Map<String, byte[]> data = new LinkedHashMap<>();
        if (map.getData() != null) {
            map.getData().forEach((key, value) -> data.put(key, value.getBytes(StandardCharsets.UTF_8)));
        }
        if (map.getBinaryData() != null) {
            map.getBinaryData()
                    .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        addKeys(files, volume, data, items, optional, mode);
    }

    private void addSecret(
            Map<String, File> files,
            String volume,
            String name,
            List<KeyToPath> items,
            @Nullable Boolean optional,
            @Nullable Integer mode)
            throws ConfigException {
        Secret secret = source.secret(name);
        if (secret == null) {
            requireOptional(volume, "secret \"" + name + "\" not found", optional);
            return;
        }
        Map<String, byte[]> data = new LinkedHashMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach((key, value) -> data.put(key, Base64.getDecoder().decode(value)));
        }
        addKeys(files, volume, data, items, optional, mode);
    }

    private void addKeys(
            Map<String, File> files,
            String volume,
            Map<String, byte[]> data,
            List<KeyToPath> items,
            @Nullable Boolean optional,
            @Nullable Integer mode)
            throws ConfigException {
        int defaultMode = mode == null ? DEFAULT_MODE : mode;
        if (items.isEmpty()) {
            data.forEach((key, content) -> files.put(key, new File(ByteBuffer.wrap(content), defaultMode)));
        }
        for (KeyToPath item : items) {
            byte[] content = data.get(item.getKey());
            if (content == null) {
                requireOptional(volume, "references non-existent key: " + item.getKey(), optional);
            } else {
                files.put(
                        item.getPath(),
                        new File(ByteBuffer.wrap(content), item.getMode() == null ? defaultMode : item.getMode()));
            }
        }
    }

    private void addDownward(Map<String, File> files, List<DownwardAPIVolumeFile> items, @Nullable Integer mode)
            throws ConfigException {
        for (DownwardAPIVolumeFile item : items) {
            String text = item.getFieldRef() != null
                    ? downward.field(item.getFieldRef())
                    : downward.resource(
                            item.getResourceFieldRef(),
                            pod.getSpec().getContainers().getFirst());
            int itemMode = item.getMode() != null ? item.getMode() : mode == null ? DEFAULT_MODE : mode;
            files.put(item.getPath(), new File(StandardCharsets.UTF_8.encode(text), itemMode));
        }
    }

    private static void write(Path folder, Map<String, File> files) throws IOException {
        for (var entry : files.entrySet()) {
            Path file = folder.resolve(entry.getKey()).normalize();
            if (!file.startsWith(folder)) {
                throw new ConfigException("FailedMount", "path \"" + entry.getKey() + "\" leads out of the volume");
            }
            Files.createDirectories(file.getParent());
            ByteBuffer content = entry.getValue().content();
            byte[] bytes = new byte[content.remaining()];
            content.duplicate().get(bytes);
            Files.write(file, bytes);
            Files.setAttribute(file, "unix:mode", entry.getValue().mode());
        }
    }

    private static void requireOptional(String volume, String message, @Nullable Boolean optional)
            throws ConfigException {
        if (!Boolean.TRUE.equals(optional)) {
            throw failedMount(volume, message);
        }
    }

    private static ConfigException failedMount(String volume, String message) {
        return new ConfigException(
                "FailedMount", "MountVolume.SetUp failed for volume \"" + volume + "\" : " + message);
    }

    /** What a container sees, parents before children. */
    List<Mount> mounts(Container container, Map<String, String> environment) throws IOException {
        List<Mount> mounts = new ArrayList<>();
        for (VolumeMount wanted : container.getVolumeMounts()) {
            Prepared volume = prepared.get(wanted.getName());
            if (volume == null) {
                throw new ConfigException(
                        "CreateContainerConfigError", "volume \"" + wanted.getName() + "\" not found");
            }
            Path path = subPath(volume.path(), wanted, environment);
            boolean readOnly = volume.readOnly() || Boolean.TRUE.equals(wanted.getReadOnly());
            mounts.add(new Mount(path, wanted.getMountPath(), !Files.isDirectory(path), readOnly, false));
        }
        mounts.sort(java.util.Comparator.comparingInt(mount -> mount.target().length()));
        return mounts;
    }

    private static Path subPath(Path volume, VolumeMount mount, Map<String, String> environment) throws IOException {
        String sub = mount.getSubPath();
        if (mount.getSubPathExpr() != null && !mount.getSubPathExpr().isEmpty()) {
            sub = Expansion.expand(mount.getSubPathExpr(), environment);
        }
        if (sub == null || sub.isEmpty()) {
            return volume;
        }
        Path path = volume.resolve(sub).normalize();
        if (!path.startsWith(volume)) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    "subPath \"" + sub + "\" of volume \"" + mount.getName() + "\" leads out of it");
        }
        if (!Files.exists(path)) {
            PodFolder.open(path, "rwxrwxrwx");
        }
        Path real = path.toRealPath();
        if (!real.startsWith(volume)) {
            throw new ConfigException(
                    "CreateContainerConfigError",
                    "subPath \"" + sub + "\" of volume \"" + mount.getName() + "\" leads out of it");
        }
        return real;
    }
}
