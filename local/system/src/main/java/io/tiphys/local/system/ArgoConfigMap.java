package io.tiphys.local.system;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.settings.ArgoConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Brings Argo's controller ConfigMap to the services, as a cluster does that mounts it: {@code workflow-controller-configmap} of the
 * namespace {@code argo} becomes a folder, and the services that read it are started again when it changes. What can't be read is left
 * out, and the services keep what they have. An annotation of the ConfigMap says what became of it: {@value #APPLIED} when the services
 * run by it, {@value #REFUSED} when and why they don't.
 */
final class ArgoConfigMap implements AutoCloseable {
    static final String NAMESPACE = "argo";
    static final String NAME = "workflow-controller-configmap";
    static final String APPLIED = "tiphys.io/applied";
    static final String REFUSED = "tiphys.io/refused";

    private static final System.Logger LOG = System.getLogger(ArgoConfigMap.class.getName());
    /** Kubernetes' rule for keys, which become names of files. */
    private static final Pattern KEY = Pattern.compile("(?!\\.\\.|\\.$)[-._a-zA-Z0-9]{1,253}");

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Path folder;
    private final Restart restart;
    private final BlockingQueue<Optional<ConfigMap>> seen = new LinkedBlockingQueue<>();
    private final SharedIndexInformer<ConfigMap> informer;
    private final Thread worker;
    /** What was tried last, and what came of it. */
    private @Nullable Map<String, String> taken;

    private @Nullable String problem;

    /** Starts the services again that read the folder. */
    interface Restart {
        /** Whether they are ready again; waits for it. */
        boolean run() throws InterruptedException;
    }

    private ArgoConfigMap(KubernetesClient client, Path folder, Restart restart) {
        this.client = client;
        this.folder = folder;
        this.restart = restart;
        seen.add(Optional.ofNullable(object().get()));
        this.informer = object().inform(new Changes(), LOOK_AGAIN.toMillis());
        this.worker = Thread.ofVirtual().name("argo-config-map").start(this::work);
    }

    /** Follows the ConfigMap from now on. */
    static ArgoConfigMap follow(KubernetesClient client, Path folder, Restart restart) {
        return new ArgoConfigMap(client, folder, restart);
    }

    private Resource<ConfigMap> object() {
        return client.configMaps().inNamespace(NAMESPACE).withName(NAME);
    }

    private final class Changes implements ResourceEventHandler<ConfigMap> {
        @Override
        public void onAdd(ConfigMap map) {
            seen.add(Optional.of(map));
        }

        @Override
        public void onUpdate(ConfigMap before, ConfigMap map) {
            seen.add(Optional.of(map));
        }

        @Override
        public void onDelete(ConfigMap map, boolean stateUnknown) {
            seen.add(Optional.empty());
        }
    }

    private void work() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Optional<ConfigMap> latest = seen.take();
                for (Optional<ConfigMap> later = seen.poll(); later != null; later = seen.poll()) {
                    latest = later;
                }
                try {
                    take(latest);
                } catch (KubernetesClientException e) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "what became of " + NAME + " could not be told; that is tried again soon",
                            e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void take(Optional<ConfigMap> map) throws InterruptedException {
        Map<String, String> data = map.map(ConfigMap::getData).orElse(Map.of());
        if (!data.equals(taken)) {
            try {
                problem = takeUp(data);
                taken = data;
            } catch (IOException e) {
                problem = "it could not be written down for the services: " + e;
                taken = null; // all of it is tried again
                LOG.log(System.Logger.Level.WARNING, NAME + ": " + problem + "; that is tried again soon");
            }
        }
        if (map.isPresent()) {
            tell(map.get());
        }
    }

    /** Why the services don't run by it; null if they do. */
    private @Nullable String takeUp(Map<String, String> data) throws IOException, InterruptedException {
        String nonsense = problem(data);
        Map<String, String> before = written();
        if (nonsense != null || data.equals(before)) {
            return nonsense;
        }
        write(data);
        if (restart.run()) {
            LOG.log(System.Logger.Level.INFO, "the services run by what " + NAME + " says now");
            return null;
        }
        String refusal = "the services don't start with it, their logs say why; they run by what it said before";
        LOG.log(System.Logger.Level.WARNING, NAME + ": " + refusal);
        write(before);
        restart.run();
        return refusal;
    }

    private static @Nullable String problem(Map<String, String> data) {
        for (String key : data.keySet()) {
            if (!KEY.matcher(key).matches()) {
                return "the key \"" + key
                        + "\" of data: must be of letters, digits, '-', '_' and '.', and not begin with \"..\"";
            }
        }
        try {
            ArgoConfig.of(data);
            return null;
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private void tell(ConfigMap map) {
        Map<String, String> now =
                Optional.ofNullable(map.getMetadata().getAnnotations()).orElse(Map.of());
        Map<String, @Nullable String> wanted = new HashMap<>();
        wanted.put(APPLIED, problem == null ? "true" : null);
        wanted.put(REFUSED, problem);
        if (wanted.entrySet().stream().allMatch(each -> Objects.equals(each.getValue(), now.get(each.getKey())))) {
            return;
        }
        Map<String, Object> metadata = Map.of(
                "annotations", wanted, "resourceVersion", map.getMetadata().getResourceVersion());
        try {
            object().patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON_MERGE)
                                    .build(),
                            Serialization.asJson(Map.of("metadata", metadata)));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 409 && e.getCode() != 404) { // what changed or went meanwhile is heard of
                throw e;
            }
        }
    }

    private Map<String, String> written() throws IOException {
        Map<String, String> data = new HashMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    data.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return data;
    }

    private void write(Map<String, String> data) throws IOException {
        Files.createDirectories(folder);
        for (String old : written().keySet()) {
            if (!data.containsKey(old)) {
                Files.delete(folder.resolve(old));
            }
        }
        for (Map.Entry<String, String> entry : data.entrySet()) {
            Files.writeString(folder.resolve(entry.getKey()), entry.getValue());
        }
    }

    @Override
    public void close() {
        informer.close();
        worker.interrupt();
        client.close();
    }
}
