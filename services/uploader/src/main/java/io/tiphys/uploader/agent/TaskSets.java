package io.tiphys.uploader.agent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All WorkflowTaskSets, over one watch, however many agents wait for theirs to change. */
public final class TaskSets implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TaskSets.class);
    private static final ResourceDefinitionContext TYPE = new ResourceDefinitionContext.Builder()
            .withGroup("argoproj.io")
            .withVersion("v1alpha1")
            .withKind("WorkflowTaskSet")
            .withPlural("workflowtasksets")
            .withNamespaced(true)
            .build();
    private static final String LABEL_COMPLETED = "workflows.argoproj.io/completed";

    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private final Map<String, TaskSet> known = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Void>> awaited = new ConcurrentHashMap<>();

    public TaskSets(KubernetesClient client) {
        this.informer = client.genericKubernetesResources(TYPE).inAnyNamespace().runnableInformer(0);
        informer.addEventHandler(new Handler());
        informer.exceptionHandler((isStarted, failure) -> {
            LOG.warnf("watch of WorkflowTaskSets failed and is tried again: %s", failure.toString());
            return true;
        });
    }

    /** Begins to watch; returns at once, and goes on trying while the API server is away. */
    public void start() {
        var _ = informer.start();
    }

    /**
     * The workflow's task set once it has another version than the caller knows.
     *
     * @return empty if there was nothing new for so long
     */
    public Optional<TaskSet> next(
            String namespace, String workflow, String workflowUid, @Nullable String after, Duration patience)
            throws InterruptedException {
        String key = namespace + "/" + workflow;
        long giveUp = System.nanoTime() + patience.toNanos();
        while (true) {
            CompletableFuture<Void> change = awaited.computeIfAbsent(key, _ -> new CompletableFuture<>());
            TaskSet now = known.get(key);
            if (now != null
                    && now.workflowUid().equals(workflowUid)
                    && !now.version().equals(after)) {
                return Optional.of(now);
            }
            try {
                change.get(giveUp - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a change can't fail", e);
            }
        }
    }

    @Override
    public void close() {
        informer.stop();
    }

    private void changed(String key) {
        CompletableFuture<Void> change = awaited.remove(key);
        if (change != null) {
            change.complete(null);
        }
    }

    private static String key(GenericKubernetesResource object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }

    private static TaskSet read(GenericKubernetesResource object) {
        var meta = object.getMetadata();
        String owner = meta.getOwnerReferences().stream()
                .map(OwnerReference::getUid)
                .findFirst()
                .orElse("");
        boolean completed =
                meta.getLabels() != null && "true".equals(meta.getLabels().get(LABEL_COMPLETED));
        return new TaskSet(meta.getResourceVersion(), owner, completed, tasks(object));
    }

    @SuppressWarnings("unchecked") // JSON objects come as maps with text keys
    private static Map<String, Map<String, Object>> tasks(GenericKubernetesResource object) {
        Map<String, Map<String, Object>> tasks = new LinkedHashMap<>();
        if (object.getAdditionalProperties().get("spec") instanceof Map<?, ?> spec
                && spec.get("tasks") instanceof Map<?, ?> listed) {
            listed.forEach((node, template) -> {
                if (template instanceof Map<?, ?> content) {
                    tasks.put(String.valueOf(node), (Map<String, Object>) content);
                }
            });
        }
        return tasks;
    }

    private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {
        @Override
        public void onAdd(GenericKubernetesResource object) {
            known.put(key(object), read(object));
            changed(key(object));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            onAdd(object);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean isFinalStateUnknown) {
            known.remove(key(object));
        }
    }
}
