package io.tiphys.engine.pod;

import io.tiphys.api.UserContainer;
import io.tiphys.engine.Node;
import io.tiphys.engine.PodFacts;
import io.tiphys.engine.PodFacts.ContainerFacts;
import io.tiphys.engine.PodFacts.ContainerState;
import io.tiphys.engine.PodFacts.PodPhase;
import io.tiphys.engine.PodFacts.Role;
import io.tiphys.engine.definition.CompiledTemplate;
import java.util.List;
import java.util.stream.Stream;

/**
 * Containers that an admission webhook put into a pod, such as those of a service mesh. Nobody tells them that main has ended, so the pod would
 * run for ever (Argo: docs/sidecar-injection.md): its node is what main came to, and the pod is ended.
 */
final class InjectedContainers {
    private InjectedContainers() {}

    /** Whether nothing runs in the pod any more but what was put into it, and what waits for that. */
    static boolean areAllThatIsLeft(Node node, PodFacts pod) {
        boolean hasMain = false;
        boolean hasInjected = false;
        for (ContainerFacts container : pod.containers()) {
            boolean isOver = container.state() == ContainerState.TERMINATED;
            switch (container.role()) {
                case MAIN -> {
                    if (!isOver) {
                        return false;
                    }
                    hasMain = true;
                }
                case SIDECAR -> {
                    boolean isInjected = isInjected(node, container);
                    if (!isOver && !isInjected) {
                        return false; // it ends with main
                    }
                    hasInjected |= !isOver;
                }
                case INIT, EXECUTOR -> {}
            }
        }
        return hasMain && hasInjected;
    }

    /** The pod as if it had ended when all but the injected containers had. */
    static PodFacts without(Node node, PodFacts pod) {
        List<ContainerFacts> own = pod.containers().stream()
                .filter(container -> container.role() != Role.SIDECAR || !isInjected(node, container))
                .toList();
        boolean isWell = own.stream()
                .filter(container -> container.role() == Role.MAIN)
                .allMatch(container -> Integer.valueOf(0).equals(container.exitCode()));
        return new PodFacts(
                pod.podName(),
                isWell ? PodPhase.SUCCEEDED : PodPhase.FAILED,
                null,
                null,
                pod.hostName(),
                pod.podIp(),
                pod.startedAt(),
                own,
                false,
                pod.resources(),
                pod.podUid());
    }

    private static boolean isInjected(Node node, ContainerFacts container) {
        CompiledTemplate template = node.template();
        if (template == null) {
            return false;
        }
        boolean isTemplates =
                template.template().sidecars().stream().map(UserContainer::name).anyMatch(container.name()::equals);
        boolean isPatchs = Stream.of(
                        template.template().podSpecPatch(),
                        node.run().definition().spec().podSpecPatch())
                .anyMatch(patch -> patch != null && patch.contains(container.name()));
        return !isTemplates && !isPatchs;
    }
}
