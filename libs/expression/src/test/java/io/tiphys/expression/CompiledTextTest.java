package io.tiphys.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompiledTextTest {
    private static final Map<String, Object> VALUES = new LinkedHashMap<>(Map.of(
            "workflow.name", "sail",
            "inputs.parameters.a", "A",
            "inputs.parameters.b-2", "say \"{{workflow.name}}\"\n",
            "inputs.parameters.A", "nested",
            "item", "A",
            "gone", Scope.ABSENT));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "no tags | no tags",
                "{{workflow.name}} | sail",
                "<{{ workflow.name }}> | <sail>",
                "{{workflow.name}}{{item}} | sailA",
                "{{inputs.parameters.{{item}}}} | nested",
                "{{ inputs.parameters.{{item}} }} | nested",
                "{{=1+1}} | 2",
                "{{= inputs.parameters.a + 'x' }} | Ax",
                "{{=[1, 'a']}} | [1,\"a\"]",
                "{{=true}} | true",
                "{{ | {{",
                "}} | }}",
                "echo {{ and {{item}} | echo {{ and A",
                "{{item}} }} | A }}",
            })
    void rendersTags(String text, String expected) {
        assertThat(CompiledText.compile(text).render(Scope.of(VALUES))).isEqualTo(new Rendering.Rendered(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{{ .Values.x }} of {{item}} | {{ .Values.x }} of A | .Values.x",
                "{{inputs.parameters.{{nobody}}}} | {{inputs.parameters.{{nobody}}}} | nobody",
                "{{inputs.parameters.{{workflow.name}}}} | {{inputs.parameters.sail}} | inputs.parameters.sail",
                "{{=tasks.x.outputs.result}} | {{=tasks.x.outputs.result}} | tasks.x.outputs.result",
                "{{=retries == '' ? 'a' : 'b'}} | {{=retries == '' ? 'a' : 'b'}} | retries",
                "{{}} | {{}} | ``",
            })
    void leavesWhatItDoesNotKnow(String text, String expected, String missing) {
        assertThat(CompiledText.compile(text).render(Scope.of(VALUES)))
                .isEqualTo(new Rendering.Unresolved(List.of(missing), expected));
    }

    @Test
    void valuesAreNotSearchedForTags() {
        assertThat(CompiledText.compile("{{inputs.parameters.b-2}}").render(Scope.of(VALUES)))
                .isEqualTo(new Rendering.Rendered("say \"{{workflow.name}}\"\n"));
    }

    @Test
    void jsonStaysJson() {
        CompiledText json = CompiledText.compileJson(
                "{\"args\":[\"{{inputs.parameters.b-2}}\",\"{{=inputs.parameters.a == \\\"A\\\" ? toJson([1]) : \\\"\\\"}}\",\"{{={\\\"k\\\": \\\"v\\\"} }}\"]}");
        assertThat(json.render(Scope.of(VALUES)))
                .isEqualTo(new Rendering.Rendered(
                        "{\"args\":[\"say \\\"{{workflow.name}}\\\"\\n\",\"[1]\",\"{\\\"k\\\":\\\"v\\\"}\"]}"));
    }

    @Test
    void absentOutputsFailInTagsButHaveDefaultsInExpressions() {
        assertThat(CompiledText.compile("x-{{gone}}").render(Scope.of(VALUES)))
                .isEqualTo(
                        new Rendering.Failed(
                                "unable to substitute {{gone}}: output is an absent optional (skipped/omitted node with no default)"));
        assertThat(CompiledText.compile("x-{{=gone ?? 'd'}}").render(Scope.of(VALUES)))
                .isEqualTo(new Rendering.Rendered("x-d"));
        assertThat(CompiledText.compile("{{gone}}").pureReference()).isEqualTo("gone");
    }

    @Test
    void expressionsThatCanNeverWorkFail() {
        assertThat(CompiledText.compile("{{=1 +}}").render(Scope.of(VALUES))).isInstanceOf(Rendering.Failed.class);
        assertThat(CompiledText.compile("{{=asInt(inputs.parameters.a)}}").render(Scope.of(VALUES)))
                .isEqualTo(
                        new Rendering.Failed(
                                "failed to evaluate expression: invalid operation: int(A) (1:1)\n | asInt(inputs.parameters.a)\n | ^"));
        assertThat(CompiledText.compile("{{=nil}}").render(Scope.of(VALUES)))
                .isEqualTo(new Rendering.Failed("failed to evaluate expression \"nil\""));
    }

    @Test
    void textsThatBlowThemselvesUpFail() {
        Scope scope = Scope.of(Map.of("p", "x".repeat(10_000_000)));
        assertThat(CompiledText.compile("{{p}}").render(scope)).isInstanceOf(Rendering.Rendered.class);
        assertThat(CompiledText.compile("{{p}}{{p}}").render(scope))
                .isEqualTo(new Rendering.Failed("the text becomes longer than 16777216 characters"));
    }

    @Test
    void listsReferences() {
        CompiledText text = CompiledText.compile("{{a}} {{=b.c + a}} {{x.{{d}}}} {{a}}");
        assertThat(text.references()).containsExactly("a", "b.c", "d");
        assertThat(text.tags()).containsExactly("a", "d");
        assertThat(text.isConstant()).isFalse();
        assertThat(CompiledText.compile("plain").isConstant()).isTrue();
    }
}
