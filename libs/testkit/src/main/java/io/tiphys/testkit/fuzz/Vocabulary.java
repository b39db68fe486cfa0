package io.tiphys.testkit.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.testkit.simulator.Dice;
import java.util.List;

/** Values that have hurt somebody before. */
final class Vocabulary {
    /** JSON of scalars, lists and objects that are hardly ever expected. */
    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "-1",
            "1",
            "2147483648",
            "-9223372036854775808",
            "9223372036854775807",
            "1e400",
            "1.5",
            "123456789012345678901234567890",
            "\"\"",
            "\" \"",
            "\"0\"",
            "\"-1\"",
            "\"1e9\"",
            "\"NaN\"",
            "\"null\"",
            "\"~\"",
            "\"true\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u202e\\u200b\\ufeff\"",
            "\"\\ud83d\\ude80\"",
            "\"a/b\"",
            "\"../../x\"",
            "\"a b\"",
            "\"-\"",
            "\"1000000h\"",
            "\"-5s\"",
            "\"1y\"",
            "\"9223372036s\"",
            "\"1ns\"",
            "\"999999999999999999999h\"",
            "\"{{\"",
            "\"}}\"",
            "\"{{=\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[{}]",
            "{\"\":\"\"}",
            "{\"a\":{\"a\":{\"a\":null}}}",
            "[1,\"a\",null,{}]",
            "\"%s%d%n\"",
            "\"%999999999d\"",
            "\"$(rm)\"",
            "\"'\"",
            "\"\\\"\"",
            "\"\\n\"",
            "\"OnFailure\"",
            "\"Always\"",
            "\"2026-01-01T00:00:00Z\"");

    /** Texts with tags and expressions. */
    private static final List<String> TEXTS = List.of(
            "{{workflow.name}}",
            "{{item}}",
            "{{item.a}}",
            "{{inputs.parameters.p}}",
            "{{inputs.parameters.p}}{{inputs.parameters.p}}",
            "{{inputs.parameters.{{inputs.parameters.p}}}}",
            "{{{{{{item}}}}}}",
            "{{steps.s00.outputs.result}}",
            "{{tasks.k0.outputs.result}}",
            "{{tasks.k0.status}}",
            "{{workflow.parameters.g}}",
            "{{workflow.failures}}",
            "{{retries}}",
            "{{lastRetry.exitCode}}",
            "{{pod.name}}",
            "{{node.name}}",
            "{{workflow.creationTimestamp.%s}}",
            "{{unknown}}",
            "{{=1/0}}",
            "{{=1 % 0}}",
            "{{='a' * 3}}",
            "{{=inputs.parameters.p + inputs.parameters.p}}",
            "{{=1..1000000000}}",
            "{{=map(1..1000, {map(1..1000, {map(1..1000, {#})})})}}",
            "{{=sum(map(1..100000, {# * #}))}}",
            "{{=repeat('a', 1000000000)}}",
            "{{=sprig.repeat(100000000, 'a')}}",
            "{{='a' matches '(a+)+$'}}",
            "{{='aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' matches '^(a|a)*$'}}",
            "{{='a' matches '((((((((((a{1,99}){1,99}){1,99}'}}",
            "{{='x' matches '['}}",
            "{{=jsonpath('{\"a\":[1]}', '$..a[*]')}}",
            "{{=jsonpath('[', '$')}}",
            "{{=toJson(inputs)}}",
            "{{=toJson(workflow)}}",
            "{{=asInt('x')}}",
            "{{=asInt('999999999999999999999')}}",
            "{{=asFloat('1e999')}}",
            "{{=sprig.trim(nil)}}",
            "{{=sprig.date('2006', 'x')}}",
            "{{=sprig.substr(5, 1, 'abc')}}",
            "{{=sprig.untilStep(0, 10, 0)}}",
            "{{=sprig.genPrivateKey('rsa')}}",
            "{{=sprig.regexFind('(', 'a')}}",
            "{{=sprig.fromJson('{')}}",
            "{{=nil}}",
            "{{=}}",
            "{{==}}",
            "{{=((((((((((((((((((((1))))))))))))))))))))}}",
            "{{=-9223372036854775808 / -1}}",
            "{{=[1][5]}}",
            "{{={}.a.b.c}}",
            "{{=workflow.parameters['g']}}",
            "{{=len(1)}}",
            "{{=filter([1], {#.x})}}",
            "{{=let x = x; x}}",
            "{{='\\x'}}",
            "{{=\"",
            "a}}b{{c");

    /** Conditions for {@code when} and {@code depends}. */
    private static final List<String> CONDITIONS = List.of(
            "true",
            "false",
            "1 == 1",
            "{{item}} == 1",
            "1 ==",
            "((((1",
            "a && b",
            "k0 && k1",
            "k0.Failed || k0.Succeeded",
            "!k0",
            "!(!(!k0))",
            "k0 && !k0",
            "k0.Daemoned",
            "k0.Bogus",
            "k99",
            "'a' =~ '(a+)+$'",
            "1 in (1, 2)",
            "1 / 0 == 1",
            "{{=1 == 1}}",
            "{{=true}}",
            "[2026-01-01] > 1",
            "\"",
            "1 == 1 ? true",
            "(1, (2, 3)) == 1",
            "-(-(-1)) < 0",
            "~1 > 2 ** 3 ** 4 ** 5");

    private static final String DIGITS = "0123456789";

    private Vocabulary() {}

    static JsonNode value(Dice dice) {
        return json(dice.pick(VALUES));
    }

    static String text(Dice dice) {
        return dice.pick(TEXTS);
    }

    static String condition(Dice dice) {
        return dice.pick(CONDITIONS);
    }

    /** A text of up to a million characters; mostly far fewer. */
    static String longText(Dice dice) {
        int length = dice.oneIn(50) ? 500_000 : dice.between(100, 3_000);
        String unit = dice.pick(
                List.of("a", "{{", "{{item}}", "(", "{{=", "\u00e9", "1", "- ", "&&", "{{inputs.parameters.p}}"));
        return unit.repeat(Math.max(1, length / unit.length()));
    }

    static String digits(Dice dice) {
        StringBuilder digits = new StringBuilder();
        int length = dice.between(1, 20);
        for (int i = 0; i < length; i++) {
            digits.append(DIGITS.charAt(dice.below(DIGITS.length())));
        }
        return digits.toString();
    }

    static JsonNode json(String text) {
        try {
            return ApiJson.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(text, e);
        }
    }
}
