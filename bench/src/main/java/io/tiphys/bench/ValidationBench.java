package io.tiphys.bench;

import io.tiphys.api.Manifest;
import io.tiphys.api.Manifests;
import io.tiphys.validation.TemplateLookup;
import io.tiphys.validation.ValidationResult;
import io.tiphys.validation.Validator;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/** How long it takes to read and to check DAGs of growing size: each task depends on two others and takes a parameter from one. */
public final class ValidationBench {
    private static final List<Integer> SIZES = List.of(100, 1_000, 5_000, 20_000);
    private static final int ROUNDS = 3;
    private static final double MILLION = 1e6;

    private ValidationBench() {}

    /** Prints a table. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        out.printf("%10s %12s %14s %18s%n", "tasks", "reading ms", "checking ms", "checking us/task");
        for (int size : SIZES) {
            String text = dag(size);
            double reading = Double.MAX_VALUE;
            double checking = Double.MAX_VALUE;
            for (int round = 0; round < ROUNDS; round++) {
                long began = System.nanoTime();
                List<Manifest> manifests = Manifests.read(text);
                long read = System.nanoTime();
                ValidationResult result = Validator.lint(manifests, TemplateLookup.NONE);
                if (!result.ok()) {
                    throw new IllegalStateException(result.message());
                }
                reading = Math.min(reading, (read - began) / MILLION);
                checking = Math.min(checking, (System.nanoTime() - read) / MILLION);
            }
            out.printf(Locale.ROOT, "%,10d %,12.1f %,14.1f %18.2f%n", size, reading, checking, checking * 1000 / size);
        }
    }

    private static String dag(int size) {
        StringBuilder text = new StringBuilder("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {generateName: big-}
                spec:
                  entrypoint: main
                  templates:
                  - name: leaf
                    inputs: {parameters: [{name: x}]}
                    container: {image: alpine, command: [echo, "{{inputs.parameters.x}}"]}
                    outputs: {parameters: [{name: out, valueFrom: {path: /tmp/out}}]}
                  - name: main
                    dag:
                      tasks:
                """);
        for (int i = 0; i < size; i++) {
            String value = i == 0 ? "start" : "{{tasks.t" + (i - 1) / 2 + ".outputs.parameters.out}}";
            text.append("      - {name: t").append(i).append(", template: leaf");
            if (i > 0) {
                text.append(", depends: \"t")
                        .append((i - 1) / 2)
                        .append(" && t")
                        .append(i - 1)
                        .append('"');
            }
            text.append(", arguments: {parameters: [{name: x, value: \"")
                    .append(value)
                    .append("\"}]}}\n");
        }
        return text.toString();
    }
}
