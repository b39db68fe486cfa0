package io.tiphys.bench;

import io.tiphys.expression.CompiledText;
import io.tiphys.expression.Scope;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How many texts with tags and expressions are rendered in a second on one core, over a scope of fifty variables. */
public final class ExpressionBench {
    private static final int ROUNDS = 5;
    private static final List<String> TEXTS = List.of(
            "{{inputs.parameters.count}}",
            "{{workflow.name}}/{{inputs.parameters.name}}-{{inputs.parameters.{{inputs.parameters.which}}}}",
            "{{=asInt(inputs.parameters.count) + 1 > 5 ? inputs.parameters.name + '-' + workflow.name : 'none'}}",
            "{{=sprig.upper(inputs.parameters.name) contains 'ARGO' && (inputs.parameters.missing ?? '') == ''}}",
            "{{=filter([1, 2, 3, 4, 5], # > asInt(inputs.parameters.count)) | map(# * 2) | sum()}}");

    private ExpressionBench() {}

    /** Prints a table. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        int times = args.length > 0 ? Integer.parseInt(args[0]) : 500_000;
        Scope scope = Scope.of(variables());
        out.printf("%14s  %s%n", "renderings/s", "text");
        for (String text : TEXTS) {
            out.printf(Locale.ROOT, "%,14.0f  %s%n", best(CompiledText.compile(text), scope, times), text);
        }
    }

    private static double best(CompiledText text, Scope scope, int times) {
        double best = 0;
        int used = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long began = System.nanoTime();
            for (int i = 0; i < times; i++) {
                used += text.render(scope).hashCode();
            }
            best = Math.max(best, times / ((System.nanoTime() - began) / 1e9));
        }
        return used == 1 ? best + 1 : best;
    }

    private static Map<String, Object> variables() {
        Map<String, Object> variables = new HashMap<>();
        variables.put("workflow.name", "sail");
        variables.put("inputs.parameters.count", "7");
        variables.put("inputs.parameters.name", "argonaut");
        variables.put("inputs.parameters.which", "name");
        for (int i = 0; i < 46; i++) {
            variables.put("tasks.t" + i + ".outputs.result", "r" + i);
        }
        return variables;
    }
}
