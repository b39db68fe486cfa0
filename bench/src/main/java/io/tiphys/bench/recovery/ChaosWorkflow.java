package io.tiphys.bench.recovery;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The workflow that is run while things die: about 2,000 nodes. A fan-out, layers in which each task waits for all of the layer
 * before, tasks whose first attempt fails, tasks that share a mutex, tasks that share a semaphore, and a few whose pods are real and
 * send outputs.
 */
final class ChaosWorkflow {
    static final String SEMAPHORE_CONFIG = "chaos";
    static final int SEMAPHORE_LIMIT = 5;
    static final int PARALLELISM = 120;
    static final int FAN = 1380;
    static final int LAYERS = 20;
    static final int WIDTH = 15;
    static final int FLAKY = 60;
    static final int EXCLUSIVE = 20;
    static final int FEW = 60;
    static final int REAL = 4;

    private ChaosWorkflow() {}

    /** Nodes that it has when it is over: pods, retry nodes, the groups of loops, the dags, the root. */
    static int nodes() {
        int groups = 5; // fan, flaky, exclusive, few, real
        return 1 + groups + FAN + 1 + LAYERS * WIDTH + 3 * FLAKY + EXCLUSIVE + FEW + REAL;
    }

    /** Pods that it has in all: two for each that fails at first. */
    static int pods() {
        return FAN + LAYERS * WIDTH + 2 * FLAKY + EXCLUSIVE + FEW + REAL;
    }

    /**
     * The manifest.
     *
     * @param witness directory of the host that real pods note in that they ran
     */
    static String manifest(String name, String witness) {
        return """
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: %s}
                spec:
                  entrypoint: main
                  parallelism: %d
                  volumes: [{name: witness, hostPath: {path: "%s"}}]
                  templates:
                  - name: main
                    dag:
                      tasks:
                      - {name: fan, template: work, withSequence: {count: "%d"}}
                      - {name: layers, template: layers}
                      - {name: flaky, template: flaky, withSequence: {count: "%d"}}
                      - {name: exclusive, template: exclusive, withSequence: {count: "%d"}}
                      - {name: few, template: few, withSequence: {count: "%d"}}
                      - {name: real, template: real, withSequence: {count: "%d"}, arguments: {parameters: [{name: n, value: "{{item}}"}]}}
                  - name: layers
                    dag:
                      tasks:
                %11$s
                  - name: work
                    podSpecPatch: '%9$s'
                    container: {image: "alpine:3.20", command: ["true"]}
                  - name: flaky
                    retryStrategy: {limit: "2"}
                    podSpecPatch: '%9$s'
                    container: {image: "alpine:3.20", command: ["true"]}
                  - name: exclusive
                    synchronization: {mutexes: [{name: chaos}]}
                    podSpecPatch: '%9$s'
                    container: {image: "alpine:3.20", command: ["true"]}
                  - name: few
                    synchronization: {semaphores: [{configMapKeyRef: {name: %10$s, key: few}}]}
                    podSpecPatch: '%9$s'
                    container: {image: "alpine:3.20", command: ["true"]}
                  - name: real
                    inputs: {parameters: [{name: n}]}
                    container:
                      image: alpine:3.20
                      command: [sh, -c]
                      args: ["echo {{inputs.parameters.n}} >> /witness/runs; sleep 1; echo said {{inputs.parameters.n}} > /tmp/word"]
                      volumeMounts: [{name: witness, mountPath: /witness}]
                    outputs:
                      parameters: [{name: word, valueFrom: {path: /tmp/word}}]
                """.formatted(
                        name,
                        PARALLELISM,
                        witness,
                        FAN,
                        FLAKY,
                        EXCLUSIVE,
                        FEW,
                        REAL,
                        PretendNode.POD_SPEC_PATCH,
                        SEMAPHORE_CONFIG,
                        layers());
    }

    /** The name of a task of a layer ends in {@code .l<layer>-<number>}. */
    private static String layers() {
        return IntStream.range(0, LAYERS)
                .boxed()
                .flatMap(layer -> IntStream.range(0, WIDTH)
                        .mapToObj(i -> "      - {name: l%d-%d, template: work, dependencies: [%s]}"
                                .formatted(layer, i, layer == 0 ? "" : layer(layer - 1))))
                .collect(Collectors.joining("\n"));
    }

    private static String layer(int layer) {
        return IntStream.range(0, WIDTH).mapToObj(i -> "l" + layer + "-" + i).collect(Collectors.joining(", "));
    }
}
