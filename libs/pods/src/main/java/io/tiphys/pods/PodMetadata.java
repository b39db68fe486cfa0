package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.tiphys.api.PodGC;
import io.tiphys.engine.Command.EnsurePod;
import io.tiphys.expression.GoDuration;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pod's labels and annotations: ours and Argo's, those of {@code podMetadata}, those of the template, each over the ones before it. */
final class PodMetadata {
    private static final int LONGEST_NODE_NAME = 16 * 1024;

    private PodMetadata() {}

    static ObjectMeta of(EnsurePod wish, WorkflowFacts workflow, List<Container> containers, PodSettings settings) {
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put(Names.ANNOTATION_DEFAULT_CONTAINER, defaultContainer(containers));
        PodGC podGc = workflow.spec().podGC();
        if (podGc != null && podGc.strategy() != null) {
            annotations.put(
                    Names.ANNOTATION_POD_GC_STRATEGY, podGc.strategy() + "/" + delay(podGc, settings.podGcDelay()));
        }
        var podMetadata = workflow.spec().podMetadata();
        if (podMetadata != null) {
            labels.putAll(podMetadata.labels());
            annotations.putAll(podMetadata.annotations());
        }
        labels.putAll(wish.template().metadata().labels());
        annotations.putAll(wish.template().metadata().annotations());
        labels.put(Names.LABEL_WORKFLOW, workflow.name());
        labels.put(Names.LABEL_COMPLETED, "false");
        labels.putAll(workflow.instance());
        labels.put(Names.LABEL_SHARD, Integer.toString(workflow.shard()));
        if (wish.onExit()) {
            labels.put(Names.LABEL_ON_EXIT, "true");
        }
        annotations.put(Names.ANNOTATION_NODE_ID, wish.nodeId());
        annotations.put(Names.ANNOTATION_NODE_NAME, shortened(wish.nodeName()));
        annotations.put(Names.ANNOTATION_WORKFLOW_UID, workflow.uid());
        var set = wish.template().containerSet();
        if (set != null) {
            annotations.put(
                    Names.ANNOTATION_MAIN_CONTAINERS,
                    String.join(
                            ",",
                            set.containers().stream()
                                    .map(container -> container.name().isEmpty() ? Names.MAIN : container.name())
                                    .toList()));
        }
        ObjectMeta made = of(wish.podName(), workflow, labels, annotations);
        return settings.statusFinalizer()
                ? new ObjectMetaBuilder(made)
                        .withFinalizers(Names.FINALIZER_STATUS)
                        .build()
                : made;
    }

    /** Of a pod that belongs to the workflow. */
    static ObjectMeta of(
            String name, WorkflowFacts workflow, Map<String, String> labels, Map<String, String> annotations) {
        return new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(workflow.namespace())
                .withLabels(labels)
                .withAnnotations(annotations)
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("argoproj.io/v1alpha1")
                        .withKind("Workflow")
                        .withName(workflow.name())
                        .withUid(workflow.uid())
                        .withController(true)
                        .withBlockOwnerDeletion(true)
                        .build())
                .build();
    }

    /** Items of loops are part of names; all annotations of a pod together may have 256 KiB. */
    private static String shortened(String nodeName) {
        return nodeName.length() <= LONGEST_NODE_NAME ? nodeName : nodeName.substring(0, LONGEST_NODE_NAME) + "…";
    }

    /** The one that kubectl logs and exec take: main, or in a set without main the last one. */
    private static String defaultContainer(List<Container> containers) {
        List<String> names = containers.stream().map(Container::getName).toList();
        return names.contains(Names.MAIN) ? Names.MAIN : names.getLast();
    }

    private static String delay(PodGC podGc, Duration byDefault) {
        String own = podGc.deleteDelayDuration();
        Duration delay = own == null || own.isEmpty()
                ? byDefault
                : GoDuration.parseOrSeconds(own).orElse(byDefault);
        return GoDuration.format(delay);
    }
}
