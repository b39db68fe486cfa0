package io.tiphys.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.tiphys.api.Template;
import io.tiphys.engine.pod.PodProgress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The file that a program writes its progress to, {@code n/m}, and that only an executor beside it reads (Argo: docs/progress.md). */
final class ProgressFile {
    static final String VARIABLE = "ARGO_PROGRESS_FILE";

    private ProgressFile() {}

    /** Whether the program is known to write it: its command line or a variable of it names it, or the pod is annotated with a first progress. */
    static boolean isExpected(Template template, WorkflowFacts workflow, List<Container> containers) {
        var podMetadata = workflow.spec().podMetadata();
        return template.metadata().annotations().containsKey(PodProgress.ANNOTATION)
                || (podMetadata != null && podMetadata.annotations().containsKey(PodProgress.ANNOTATION))
                || containers.stream().flatMap(ProgressFile::texts).anyMatch(text -> text.contains(VARIABLE));
    }

    private static Stream<String> texts(Container container) {
        return Stream.of(
                        container.getCommand().stream(),
                        container.getArgs().stream(),
                        container.getEnv().stream().map(EnvVar::getValue).filter(Objects::nonNull))
                .flatMap(texts -> texts);
    }
}
