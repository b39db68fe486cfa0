package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.engine.Node;
import io.tiphys.testkit.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Final node trees of a catalogue of Argo's manifests, all pods succeeding, when the catalogue lies next to the repository;
 * every case is replayed and restored as well.
 */
class ConformanceTest {
    private static final Path CATALOGUE = Path.of("../../../shared/argo/conformance");

    /** Cases that need pods to fail, or template types that the engine leaves to an agent. */
    private static final Set<String> OUT_OF_SCOPE = Set.of(
            "ex-exit-handlers",
            "ex-status-reference",
            "ex-http-success-condition",
            "ex-workflow-level-executor-plugin",
            "e2e-agent-parallel");

    @TestFactory
    Stream<DynamicTest> finalTreesAreArgos() throws IOException {
        Assumptions.assumeTrue(Files.exists(CATALOGUE.resolve("cases.json")), "the catalogue is not at hand");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode known :
                ApiJson.mapper().readTree(CATALOGUE.resolve("cases.json").toFile())) {
            String id = known.path("id").asText();
            if (known.has("nodes") && !OUT_OF_SCOPE.contains(id)) {
                tests.add(DynamicTest.dynamicTest(id, () -> check(known)));
            }
        }
        return tests.stream();
    }

    private static void check(JsonNode known) throws IOException {
        StringBuilder text = new StringBuilder(read(known.path("yaml").asText()));
        known.path("fixtures").forEach(fixture -> text.append("\n---\n").append(read(fixture.asText())));
        text.append("\n---\n").append(read("yaml/ex-workflow-template-templates.yaml"));
        text.append("\n---\n").append(read("yaml/ex-cluster-workflow-template-clustertemplates.yaml"));
        Scenario scenario = Scenario.given(text.toString())
                .submitted()
                .then()
                .runsByItself()
                .then();
        String name = scenario.run().definition().name();
        Map<String, String> actual = new TreeMap<>();
        for (Node node : scenario.run().nodes()) {
            actual.put("$wf" + node.name().substring(name.length()), node.type() + "/" + node.phase());
        }
        Map<String, String> expected = new TreeMap<>();
        known.path("nodes")
                .properties()
                .forEach(node -> expected.put(node.getKey(), node.getValue().asText()));
        assertThat(actual).isEqualTo(expected);
    }

    private static String read(String file) {
        try {
            Path path = CATALOGUE.resolve(file);
            return Files.exists(path) ? Files.readString(path) : "";
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
