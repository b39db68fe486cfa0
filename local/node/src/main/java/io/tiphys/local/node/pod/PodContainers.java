package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.RunningContainer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A pod's containers in the spec's order. Touched by its pod's thread only.
 *
 * @param inits init containers and sidecars, which start in one order
 */
record PodContainers(List<ContainerRun> inits, List<ContainerRun> mains) {
    PodContainers {
        inits = List.copyOf(inits);
        mains = List.copyOf(mains);
    }

    /** None of them has run, or each of them so often in earlier lives of the node. */
    static PodContainers of(Pod pod, Duration crashBackoff, int startsBefore) {
        List<ContainerRun> inits = new ArrayList<>();
        for (Container init : pod.getSpec().getInitContainers()) {
            ContainerRun.Kind kind = ContainerRun.isSidecar(init) ? ContainerRun.Kind.SIDECAR : ContainerRun.Kind.INIT;
            inits.add(new ContainerRun(init, kind, crashBackoff, startsBefore));
        }
        List<ContainerRun> mains = new ArrayList<>();
        for (Container main : pod.getSpec().getContainers()) {
            mains.add(new ContainerRun(main, ContainerRun.Kind.MAIN, crashBackoff, startsBefore));
        }
        return new PodContainers(inits, mains);
    }

    Stream<ContainerRun> all() {
        return Stream.concat(mains.stream(), inits.stream());
    }

    /** SIGKILL for whatever runs; their ends are heard of later. */
    void killAll() {
        all().forEach(run -> {
            RunningContainer process = run.process();
            if (process != null) {
                process.signal(Hooks.SIGKILL);
            }
        });
    }
}
