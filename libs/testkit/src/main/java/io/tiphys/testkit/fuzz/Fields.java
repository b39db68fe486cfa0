package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.testkit.simulator.Dice;
import java.util.List;

/** Fields that a spec, a template or a step can have, with values from sound to hostile. */
final class Fields {
    private static final List<String> OF_SPEC = List.of(
            "{\"parallelism\":N}",
            "{\"activeDeadlineSeconds\":N}",
            "{\"suspend\":true}",
            "{\"onExit\":\"T\"}",
            "{\"entrypoint\":\"T\"}",
            "{\"shutdown\":\"Stop\"}",
            "{\"shutdown\":\"Terminate\"}",
            "{\"hooks\":{\"h\":{\"template\":\"T\",\"expression\":\"E\"}}}",
            "{\"hooks\":{\"exit\":{\"template\":\"T\"},\"a\":{\"template\":\"T\",\"expression\":\"true\"}}}",
            "{\"retryStrategy\":{\"limit\":N,\"retryPolicy\":\"Always\"}}",
            "{\"templateDefaults\":{\"timeout\":\"D\"}}",
            "{\"templateDefaults\":{\"retryStrategy\":{},\"parallelism\":N}}",
            "{\"workflowTemplateRef\":{\"name\":\"T\"}}",
            "{\"arguments\":{\"parameters\":[{\"name\":\"g\",\"value\":\"X\"},{\"name\":\"p\",\"valueFrom\":{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"k\"}}}]}}",
            "{\"synchronization\":{\"mutexes\":[{\"name\":\"X\"}]}}",
            "{\"synchronization\":{\"semaphores\":[{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"k\"}}]}}",
            "{\"podGC\":{\"strategy\":\"OnPodCompletion\",\"deleteDelayDuration\":\"D\"}}",
            "{\"ttlStrategy\":{\"secondsAfterCompletion\":N}}",
            "{\"volumeClaimTemplates\":[{\"metadata\":{\"name\":\"v\"}}]}",
            "{\"metrics\":{\"prometheus\":[{\"name\":\"m\",\"help\":\"X\",\"counter\":{\"value\":\"X\"}}]}}",
            "{\"podSpecPatch\":\"X\"}",
            "{\"workflowMetadata\":{\"labelsFrom\":{\"l\":{\"expression\":\"E\"}}}}");

    private static final List<String> OF_TEMPLATE = List.of(
            "{\"retryStrategy\":{}}",
            "{\"retryStrategy\":{\"limit\":N,\"retryPolicy\":\"Always\"}}",
            "{\"retryStrategy\":{\"limit\":\"X\"}}",
            "{\"retryStrategy\":{\"limit\":9,\"backoff\":{\"duration\":\"D\",\"factor\":N,\"maxDuration\":\"D\",\"cap\":\"D\"}}}",
            "{\"retryStrategy\":{\"limit\":5,\"expression\":\"E\"}}",
            "{\"retryStrategy\":{\"limit\":5,\"affinity\":{\"nodeAntiAffinity\":{}}}}",
            "{\"parallelism\":N}",
            "{\"failFast\":true}",
            "{\"daemon\":true}",
            "{\"timeout\":\"D\"}",
            "{\"pendingTimeout\":\"D\"}",
            "{\"activeDeadlineSeconds\":N}",
            "{\"suspend\":{\"duration\":\"D\"}}",
            "{\"suspend\":{}}",
            "{\"steps\":[[{\"name\":\"a\",\"template\":\"T\"},{\"name\":\"b\",\"template\":\"T\"}]]}",
            "{\"dag\":{\"tasks\":[{\"name\":\"k0\",\"template\":\"T\"},{\"name\":\"k1\",\"template\":\"T\",\"depends\":\"C\"}]}}",
            "{\"dag\":{\"target\":\"k0\",\"tasks\":[{\"name\":\"k0\",\"template\":\"T\",\"dependencies\":[\"k1\"]},{\"name\":\"k1\",\"template\":\"T\"}]}}",
            "{\"outputs\":{\"parameters\":[{\"name\":\"o\",\"valueFrom\":{\"expression\":\"E\"}}]}}",
            "{\"outputs\":{\"parameters\":[{\"name\":\"o\",\"globalName\":\"X\",\"valueFrom\":{\"path\":\"/x\",\"default\":\"X\"}}]}}",
            "{\"outputs\":{\"parameters\":[{\"name\":\"o\",\"valueFrom\":{\"parameter\":\"X\"}}]}}",
            "{\"outputs\":{\"artifacts\":[{\"name\":\"o\",\"path\":\"/x\"},{\"name\":\"q\",\"path\":\"/y\",\"optional\":true,\"s3\":{\"key\":\"X\"}}]}}",
            "{\"inputs\":{\"parameters\":[{\"name\":\"p\",\"default\":\"X\",\"enum\":[\"X\"]}]}}",
            "{\"inputs\":{\"parameters\":[{\"name\":\"p\"}]}}",
            "{\"inputs\":{\"artifacts\":[{\"name\":\"i\",\"path\":\"/x\",\"raw\":{\"data\":\"X\"}}]}}",
            "{\"memoize\":{\"key\":\"X\",\"maxAge\":\"D\",\"cache\":{\"configMap\":{\"name\":\"c\"}}}}",
            "{\"synchronization\":{\"mutex\":{\"name\":\"X\"}}}",
            "{\"synchronization\":{\"semaphore\":{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"k\"}}}}",
            "{\"containerSet\":{\"containers\":[{\"name\":\"main\",\"image\":\"x\"},{\"name\":\"b\",\"image\":\"x\",\"dependencies\":[\"main\"]}]}}",
            "{\"resource\":{\"action\":\"create\",\"manifest\":\"X\"}}",
            "{\"http\":{\"url\":\"X\"}}",
            "{\"plugin\":{\"x\":{}}}",
            "{\"container\":{\"image\":\"X\",\"args\":[\"X\",\"X\"]}}",
            "{\"script\":{\"image\":\"x\",\"source\":\"X\"}}",
            "{\"podSpecPatch\":\"X\"}",
            "{\"metadata\":{\"labels\":{\"l\":\"X\"}}}",
            "{\"template\":\"T\"}",
            "{\"templateRef\":{\"name\":\"x\",\"template\":\"T\"}}");

    private static final List<String> OF_UNIT = List.of(
            "{\"withSequence\":{\"count\":N}}",
            "{\"withSequence\":{\"count\":\"X\"}}",
            "{\"withSequence\":{\"start\":N,\"end\":N,\"format\":\"X\"}}",
            "{\"withSequence\":{\"count\":\"2000000000\"}}",
            "{\"withSequence\":{\"start\":\"-9223372036854775808\",\"end\":\"9223372036854775807\"}}",
            "{\"withItems\":[1,\"a\",null,[1],{\"a\":1}]}",
            "{\"withItems\":[\"X\"]}",
            "{\"withItems\":[]}",
            "{\"withParam\":\"X\"}",
            "{\"withParam\":\"[1,2,[3],{\\\"a\\\":null}]\"}",
            "{\"withParam\":\"[\"}",
            "{\"withParam\":\"{{workflow.parameters.g}}\"}",
            "{\"when\":\"C\"}",
            "{\"when\":\"X\"}",
            "{\"when\":\"{{item}} == 1\",\"withItems\":[1,2]}",
            "{\"depends\":\"C\"}",
            "{\"dependencies\":[\"k0\"]}",
            "{\"depends\":\"k0.Failed\"}",
            "{\"continueOn\":{\"failed\":true,\"error\":true}}",
            "{\"onExit\":\"T\"}",
            "{\"hooks\":{\"exit\":{\"template\":\"T\"}}}",
            "{\"hooks\":{\"h\":{\"template\":\"T\",\"expression\":\"E\"}}}",
            "{\"hooks\":{\"r\":{\"template\":\"T\",\"expression\":\"true\"},\"exit\":{\"template\":\"T\",\"expression\":\"false\"}}}",
            "{\"arguments\":{\"parameters\":[{\"name\":\"p\",\"value\":\"X\"}]}}",
            "{\"arguments\":{\"parameters\":[{\"name\":\"p\",\"value\":\"X\"},{\"name\":\"p\",\"value\":\"X\"}]}}",
            "{\"arguments\":{\"parameters\":[{\"name\":\"p\",\"valueFrom\":{\"expression\":\"E\"}}]}}",
            "{\"arguments\":{\"artifacts\":[{\"name\":\"i\",\"from\":\"X\"},{\"name\":\"j\",\"fromExpression\":\"E\"}]}}",
            "{\"template\":\"{{item}}\"}",
            "{\"template\":\"X\"}",
            "{\"templateRef\":{\"name\":\"X\",\"template\":\"T\"}}",
            "{\"name\":\"X\"}",
            "{\"inline\":{\"container\":{\"image\":\"x\"}}}",
            "{\"inline\":{\"steps\":[[{\"name\":\"z\",\"template\":\"T\"}]]}}");

    private static final List<String> EXPRESSIONS = List.of(
            "true",
            "workflow.status == 'Failed'",
            "steps.s00.status == 'Failed'",
            "tasks['k0'].status == 'Succeeded'",
            "lastRetry.status == 'Failed'",
            "asInt(lastRetry.exitCode) > 1",
            "1 +",
            "len(1..1000000) > 1",
            "inputs.parameters.p",
            "tasks.k0.outputs.result",
            "nil",
            "1 / 0 == 1");

    private static final List<String> DURATIONS = List.of(
            "1s",
            "0",
            "0s",
            "-1s",
            "5m",
            "10",
            "1h30m",
            "99999h",
            "9223372036854775807",
            "292277h",
            "1d",
            "x",
            "1s1s1s",
            "{{inputs.parameters.p}}",
            "0.001s");

    private static final List<String> NUMBERS =
            List.of("0", "1", "2", "5", "-1", "100", "3000", "2147483647", "9223372036854775807", "1.5", "\"3\"");

    private Fields() {}

    static JsonNode ofSpec(Dice dice, List<String> templates) {
        return fill(OF_SPEC, dice, templates);
    }

    static JsonNode ofTemplate(Dice dice, List<String> templates) {
        return fill(OF_TEMPLATE, dice, templates);
    }

    static JsonNode ofUnit(Dice dice, List<String> templates) {
        return fill(OF_UNIT, dice, templates);
    }

    /** Fills the gaps: N numbers, D durations, T templates, E expressions, C conditions, X any text. */
    private static JsonNode fill(List<String> patterns, Dice dice, List<String> templates) {
        String pattern = dice.pick(patterns);
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            boolean quoted =
                    i > 0 && pattern.charAt(i - 1) == '"' && i + 1 < pattern.length() && pattern.charAt(i + 1) == '"';
            boolean bare = i > 0 && pattern.charAt(i - 1) == ':';
            switch (c) {
                case 'N' -> json.append(bare ? dice.pick(NUMBERS) : "N");
                case 'D' -> json.append(quoted ? escaped(dice.pick(DURATIONS)) : c);
                case 'T' -> json.append(quoted ? escaped(templates.isEmpty() ? "x" : dice.pick(templates)) : c);
                case 'E' -> json.append(quoted ? escaped(dice.pick(EXPRESSIONS)) : c);
                case 'C' -> json.append(quoted ? escaped(Vocabulary.condition(dice)) : c);
                case 'X' -> json.append(quoted ? escaped(Vocabulary.text(dice)) : c);
                default -> json.append(c);
            }
        }
        return Vocabulary.json(json.toString());
    }

    private static String escaped(String text) {
        String quoted =
                com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
        return quoted.substring(1, quoted.length() - 1);
    }
}
