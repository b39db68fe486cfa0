package io.tiphys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestsTest {
    private static JsonNode only(String text) {
        List<Manifest> manifests = Manifests.read(text);
        assertThat(manifests).hasSize(1);
        return manifests.getFirst().tree();
    }

    @Test
    void readsDocumentsAndLeavesOutEmptyOnes() {
        List<Manifest> manifests = Manifests.read("# note\n---\nkind: A\n---\n---\nkind: B\nmetadata: {name: b}\n");

        assertThat(manifests).extracting(Manifest::kind).containsExactly("A", "B");
        assertThat(manifests).extracting(Manifest::index).containsExactly(0, 1);
        assertThat(manifests.get(1).name()).isEqualTo("b");
    }

    @Test
    void knowsTheLineOfEachPart() {
        Manifest manifest = Manifests.read("""
                        kind: Workflow
                        spec:
                          templates:
                            - name: a
                              container:
                                image: x
                            - name: b
                        metadata:
                          labels:
                            a.b/c: d
                        """).getFirst();

        assertThat(manifest.line("spec.templates[0].container.image")).isEqualTo(6);
        assertThat(manifest.line("spec.templates[1].name")).isEqualTo(7);
        assertThat(manifest.line("spec.templates[1].missing.deeper")).isEqualTo(7);
        assertThat(manifest.line("metadata.labels['a.b/c']")).isEqualTo(10);
    }

    @Test
    void knowsTheLinesOfJsonToo() {
        Manifest manifest = Manifests.read("{\"kind\": \"Workflow\",\n \"spec\": {\n  \"entrypoint\": 3}}")
                .getFirst();

        assertThat(manifest.line("spec.entrypoint")).isEqualTo(3);
        assertThat(manifest.tree().at("/spec/entrypoint").isInt()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "yes, true",
        "Off, false",
        "n, false",
        "010, 8",
        "0o17, 15",
        "0x1F, 31",
        "1_000, 1000",
        "-5, -5",
        "1e3, 1000",
        "1.50, 1.5",
        "~, null",
        "2026-01-31, \"2026-01-31\"",
        "190:20:30, \"190:20:30\"",
        "09, 9",
        "'\"yes\"', \"yes\"",
        "123456789012345678901234567890, 123456789012345678901234567890",
        "v1, \"v1\"",
        "'-', [null]",
        "!!str 12, \"12\""
    })
    void readsPlainScalarsAsKubernetesToolsDo(String yaml, String json) {
        assertThat(only("a: " + (yaml.equals("-") ? "\n- " : yaml)).get("a")).hasToString(json);
    }

    @Test
    void mergesAndAliases() {
        JsonNode tree = only("base: &x {a: 1, b: 2}\nmore:\n  <<: *x\n  b: 3\nsame: *x\n");

        assertThat(tree.get("more")).hasToString("{\"b\":3,\"a\":1}");
        assertThat(tree.get("same")).hasToString("{\"a\":1,\"b\":2}");
    }

    @Test
    void reportsKeysWrittenTwiceAndKeepsTheLater() {
        Manifest manifest = Manifests.read("a:\n  b: 1\n  b: 2\n").getFirst();

        assertThat(manifest.duplicateKeys()).containsExactly("a.b");
        assertThat(manifest.tree().at("/a/b").asInt()).isEqualTo(2);
        assertThat(Manifests.read("{\"a\": 1, \"a\": 2}").getFirst().duplicateKeys())
                .containsExactly("a");
    }

    @Test
    void refusesAliasBombs() {
        var bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 9; i++) {
            bomb.append("a%d: &a%d [%s]\n"
                    .formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, "*a" + (i - 1)))));
        }

        assertThatThrownBy(() -> Manifests.read(bomb.toString()))
                .isInstanceOf(InvalidManifestException.class)
                .hasMessageContaining("aliases");
    }

    @Test
    void refusesWhatIsTooDeepTooLargeOrCircular() {
        assertThatThrownBy(() -> Manifests.read("[".repeat(5000))).isInstanceOf(InvalidManifestException.class);
        assertThatThrownBy(() -> Manifests.read("{\"a\":".repeat(5000))).isInstanceOf(InvalidManifestException.class);
        assertThatThrownBy(() -> Manifests.read("a: &a [*a]"))
                .isInstanceOf(InvalidManifestException.class)
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> Manifests.read("x".repeat(Manifests.MAX_BYTES + 1)))
                .isInstanceOf(InvalidManifestException.class)
                .hasMessageContaining("20 MiB");
    }

    /** Garbage, which unlike time is the same whenever it is measured: it was 1,900 MiB, and four times as much for twice the text. */
    @ParameterizedTest
    @ValueSource(strings = {"'%s'", "\"%s\"", "%s"})
    void readsLongTextsInProportionToTheirLength(String scalar) {
        String value = "é😀a".repeat(400_000);
        String text = "kind: A\nspec:\n  value: " + scalar.formatted(value) + "\n  next: b\n";
        var thread = ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class);
        long before = thread.getCurrentThreadAllocatedBytes();

        JsonNode tree = only(text);

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(200L << 20);
        assertThat(tree.at("/spec/value").asText()).isEqualTo(value);
        assertThat(tree.at("/spec/next").asText()).isEqualTo("b");
    }

    @Test
    void nothingInAListIsLeftOut() {
        String container =
                "{image: i, command: [null, a], args: [null], env: [null], volumeMounts: [null, {name: v, mountPath: /v}]}";
        Workflow workflow = Manifests.read(
                "kind: Workflow\nspec: {templates: [null, {name: t, container: %1$s, sidecars: [null, %1$s]}]}"
                        .formatted(container),
                Workflow.class);

        Template template = workflow.getSpec().templates().getFirst();
        assertThat(workflow.getSpec().templates()).hasSize(1);
        assertThat(template.sidecars()).hasSize(1);
        assertThat(List.of(
                        Objects.requireNonNull(template.container()),
                        template.sidecars().getFirst().container()))
                .allSatisfy(one -> {
                    assertThat(one.getCommand()).containsExactly("a");
                    assertThat(one.getArgs()).isEmpty();
                    assertThat(one.getEnv()).isEmpty();
                    assertThat(one.getVolumeMounts()).hasSize(1);
                });
    }

    @Test
    void refusesWhatCannotBePrinted() {
        assertThatThrownBy(() -> Manifests.read("kind: \u0007\n"))
                .isInstanceOf(InvalidManifestException.class)
                .hasMessageContaining("special characters are not allowed");
    }

    @Test
    void saysWhereBrokenTextIsBroken() {
        assertThatThrownBy(() -> Manifests.read("a: b\nc: [d\ne: f\n"))
                .isInstanceOfSatisfying(
                        InvalidManifestException.class,
                        e -> assertThat(e.line()).isGreaterThan(1));
    }

    @Test
    void saysWhichValueHasTheWrongType() {
        assertThatThrownBy(() -> Manifests.read("kind: Workflow\nspec:\n  templates: 3\n", Workflow.class))
                .isInstanceOf(InvalidManifestException.class)
                .hasMessageContaining("line 3")
                .hasMessageContaining("spec.templates");
    }
}
