package io.tiphys.local.workloads.job;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.local.workloads.WorkQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Carries out what {@link JobPlan} says of each Job, whenever it or one of its pods changes. */
public final class JobController implements AutoCloseable {
    private static final String UID_LABEL = "batch.kubernetes.io/controller-uid";
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final int NOT_FOUND = 404;
    private static final int MAX_HOSTNAME = 63;
    private static final PatchContext MERGE =
            new PatchContext.Builder().withPatchType(PatchType.JSON_MERGE).build();

    private final KubernetesClient client;
    private final Duration firstBackoff;
    private final SharedIndexInformer<Job> jobs;
    private final SharedIndexInformer<Pod> pods;
    private final WorkQueue queue;

    /** Starts with the Jobs that are there. */
    public JobController(KubernetesClient client, Duration firstBackoff) {
        this.client = client;
        this.firstBackoff = firstBackoff;
        this.queue = new WorkQueue("jobs", this::look);
        this.pods = client.pods().inAnyNamespace().withLabel(UID_LABEL).runnableInformer(LOOK_AGAIN.toMillis());
        pods.addEventHandler(new Changes<>(this::podChanged));
        this.jobs = client.batch().v1().jobs().inAnyNamespace().runnableInformer(LOOK_AGAIN.toMillis());
        jobs.addEventHandler(new Changes<>(job -> queue.add(Cache.metaNamespaceKeyFunc(job))));
        pods.run();
        jobs.run();
    }

    /** Hears of everything in the same way. */
    private record Changes<T>(Consumer<T> heard) implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {
            heard.accept(object);
        }

        @Override
        public void onUpdate(T before, T object) {
            heard.accept(object);
        }

        @Override
        public void onDelete(T object, boolean stateUnknown) {
            heard.accept(object);
        }
    }

    private static Optional<OwnerReference> controller(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .filter(owner -> "Job".equals(owner.getKind()) && Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    private void podChanged(Pod pod) {
        controller(pod).ifPresent(owner -> queue.add(pod.getMetadata().getNamespace() + "/" + owner.getName()));
    }

    private void look(String key) {
        int slash = key.indexOf('/');
        String namespace = key.substring(0, slash);
        String name = key.substring(slash + 1);
        Job job =
                client.batch().v1().jobs().inNamespace(namespace).withName(name).get();
        letOrphansGo(namespace, name, job);
        if (job == null || job.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        // what was created since the informer last heard of anything must not be created again
        List<Pod> own = client
                .pods()
                .inNamespace(namespace)
                .withLabel(UID_LABEL, job.getMetadata().getUid())
                .list()
                .getItems()
                .stream()
                .filter(pod -> controller(pod)
                        .filter(owner -> owner.getUid().equals(job.getMetadata().getUid()))
                        .isPresent())
                .toList();
        carryOut(key, job, JobPlan.of(job, own, Instant.now(), firstBackoff));
    }

    private void carryOut(String key, Job job, JobPlan plan) {
        if (plan.expired()) {
            client.resource(job).withGracePeriod(0).delete();
            return;
        }
        if (!plan.status().equals(job.getStatus())) {
            writeStatus(job, plan);
        }
        plan.release().forEach(this::release);
        for (Pod pod : plan.delete()) {
            release(pod);
            ifThere(() -> client.resource(pod).delete());
        }
        for (JobPlan.NewPod wanted : plan.create()) {
            client.resource(pod(job, wanted)).create();
        }
        if (!plan.wake().equals(Instant.MAX)) {
            queue.add(key, plan.wake());
        }
    }

    private void writeStatus(Job job, JobPlan plan) {
        Job changed = new Job();
        changed.setMetadata(new ObjectMetaBuilder()
                .withName(job.getMetadata().getName())
                .withNamespace(job.getMetadata().getNamespace())
                .withResourceVersion(job.getMetadata().getResourceVersion())
                .withUid(job.getMetadata().getUid())
                .build());
        changed.setSpec(job.getSpec());
        changed.setStatus(plan.status());
        client.resource(changed).updateStatus();
    }

    /** Pods of a Job that is gone are kept for nobody. */
    private void letOrphansGo(String namespace, String name, @Nullable Job job) {
        for (Pod pod : pods.getStore().list()) {
            boolean isOrphan = namespace.equals(pod.getMetadata().getNamespace())
                    && JobPods.isTracked(pod)
                    && controller(pod)
                            .filter(owner -> owner.getName().equals(name))
                            .filter(owner -> job == null
                                    || job.getMetadata().getDeletionTimestamp() != null
                                    || !owner.getUid().equals(job.getMetadata().getUid()))
                            .isPresent();
            if (isOrphan) {
                release(pod);
            }
        }
    }

    private void release(Pod pod) {
        if (!JobPods.isTracked(pod)) {
            return;
        }
        List<String> rest = pod.getMetadata().getFinalizers().stream()
                .filter(finalizer -> !finalizer.equals(JobPods.FINALIZER))
                .toList();
        Map<String, Object> metadata = Map.of(
                "uid", pod.getMetadata().getUid(),
                "resourceVersion", pod.getMetadata().getResourceVersion(),
                "finalizers", rest);
        ifThere(() -> client.pods()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(pod.getMetadata().getName())
                .patch(MERGE, Serialization.asJson(Map.of("metadata", metadata))));
    }

    private static void ifThere(Runnable act) {
        try {
            act.run();
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
        }
    }

    private static Pod pod(Job job, JobPlan.NewPod wanted) {
        ObjectMeta template =
                Optional.ofNullable(job.getSpec().getTemplate().getMetadata()).orElseGet(ObjectMeta::new);
        Map<String, String> labels = copy(template.getLabels());
        Map<String, String> annotations = copy(template.getAnnotations());
        String name = job.getMetadata().getName();
        String prefix = name + "-";
        PodSpec spec = job.getSpec().getTemplate().getSpec();
        if (wanted.index() >= 0) {
            String index = Integer.toString(wanted.index());
            prefix = name + "-" + index + "-";
            labels.put(JobPods.INDEX, index);
            annotations.put(JobPods.INDEX, index);
            if (job.getSpec().getBackoffLimitPerIndex() != null) {
                annotations.put(JobPods.INDEX_FAILURES, Integer.toString(wanted.failuresBefore()));
            }
            spec = indexed(spec, name + "-" + index);
        }
        return new PodBuilder()
                .withNewMetadata()
                .withGenerateName(prefix)
                .withNamespace(job.getMetadata().getNamespace())
                .withLabels(labels)
                .withAnnotations(annotations)
                .withFinalizers(JobPods.FINALIZER)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("batch/v1")
                        .withKind("Job")
                        .withName(name)
                        .withUid(job.getMetadata().getUid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .endMetadata()
                .withSpec(spec)
                .build();
    }

    private static PodSpec indexed(PodSpec spec, String hostname) {
        PodSpecBuilder builder = new PodSpecBuilder(spec)
                .withInitContainers(spec.getInitContainers().stream()
                        .map(JobController::withIndex)
                        .toList())
                .withContainers(spec.getContainers().stream()
                        .map(JobController::withIndex)
                        .toList());
        if (spec.getHostname() == null) {
            builder.withHostname(hostname.substring(0, Math.min(MAX_HOSTNAME, hostname.length())));
        }
        return builder.build();
    }

    private static Container withIndex(Container container) {
        if (container.getEnv().stream().anyMatch(variable -> variable.getName().equals("JOB_COMPLETION_INDEX"))) {
            return container;
        }
        List<EnvVar> variables = new ArrayList<>();
        variables.add(new EnvVarBuilder()
                .withName("JOB_COMPLETION_INDEX")
                .withNewValueFrom()
                .withNewFieldRef()
                .withFieldPath("metadata.annotations['" + JobPods.INDEX + "']")
                .endFieldRef()
                .endValueFrom()
                .build());
        variables.addAll(container.getEnv());
        return new ContainerBuilder(container).withEnv(variables).build();
    }

    private static Map<String, String> copy(@Nullable Map<String, String> map) {
        return map == null ? new HashMap<>() : new HashMap<>(map);
    }

    @Override
    public void close() {
        jobs.close();
        pods.close();
        queue.close();
    }
}
