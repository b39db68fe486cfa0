package io.tiphys.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.crd.CustomResourceDefinitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustomResourceDefinitionsTest {
    private static final Path DIRECTORY = Path.of("../../k8s/base/crds");
    private static final int APPLY_ANNOTATION_LIMIT = 256 * 1024;

    private static JsonNode schema(Class<? extends ArgoResource<?>> kind) {
        return CustomResourceDefinitions.of(kind).at("/spec/versions/0/schema/openAPIV3Schema");
    }

    /** After a change of the types: run with {@code -Dcrds.update=true} and look at the difference. */
    @Test
    void filesAreUpToDate() throws IOException {
        for (Map.Entry<String, String> file : CustomResourceDefinitions.files().entrySet()) {
            Path path = DIRECTORY.resolve(file.getKey());
            if (Boolean.getBoolean("crds.update")) {
                Files.createDirectories(DIRECTORY);
                Files.writeString(path, file.getValue());
            }
            assertThat(path)
                    .as("stale; run the test CustomResourceDefinitionsTest with -Dcrds.update=true")
                    .hasContent(file.getValue());
        }
    }

    @Test
    void areSmallEnoughForKubectlApply() {
        CustomResourceDefinitions.kinds()
                .forEach(kind -> assertThat(Manifests.toJson(CustomResourceDefinitions.of(kind))
                                .length())
                        .as(kind.getSimpleName())
                        .isLessThan(APPLY_ANNOTATION_LIMIT));
    }

    @Test
    void namesAreArgos() {
        JsonNode spec =
                CustomResourceDefinitions.of(ClusterWorkflowTemplate.class).get("spec");

        assertThat(spec.get("scope").asText()).isEqualTo("Cluster");
        assertThat(spec.at("/names/shortNames")).hasToString("[\"clusterwftmpl\",\"cwft\"]");
        assertThat(spec.at("/names/plural").asText()).isEqualTo("clusterworkflowtemplates");
        assertThat(CustomResourceDefinitions.of(Workflow.class)
                        .at("/metadata/name")
                        .asText())
                .isEqualTo("workflows.argoproj.io");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/properties/spec", "/properties/status", "/properties/spec/properties/templates/items"})
    void nothingIsPruned(String pointer) {
        assertThat(schema(Workflow.class)
                        .at(pointer)
                        .path("x-kubernetes-preserve-unknown-fields")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void parametersTakeAnyValueAndCountsNumbersOrText() {
        JsonNode template = schema(WorkflowTemplate.class).at("/properties/spec/properties/templates/items/properties");
        JsonNode value = template.at("/inputs/properties/parameters/items/properties/value");
        JsonNode limit = template.at("/retryStrategy/properties/limit");

        assertThat(value.has("type")).isFalse();
        assertThat(limit.get("x-kubernetes-int-or-string").asBoolean()).isTrue();
    }

    @Test
    void cronWorkflowsHaveAStatusOfTheirOwnAndThatOfWorkflowsIsPartOfThem() {
        assertThat(CustomResourceDefinitions.of(CronWorkflow.class)
                        .at("/spec/versions/0/subresources")
                        .has("status"))
                .isTrue();
        assertThat(CustomResourceDefinitions.of(Workflow.class)
                        .at("/spec/versions/0")
                        .has("subresources"))
                .isFalse();
    }
}
