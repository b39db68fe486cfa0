package io.tiphys.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.api.ApiJson;
import io.tiphys.api.InvalidManifestException;
import io.tiphys.api.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where manifests with the verdict of Argo's own linter lie beside the repository, ours must be the same. */
class AgreementTest {
    private static final Path VERDICTS = Path.of("../../../shared/argo/lint");

    @Test
    void acceptsWhatArgoAccepts() throws IOException {
        assumeThat(VERDICTS.resolve("cases.json")).exists();
        List<String> differing = new ArrayList<>();
        JsonNode cases =
                ApiJson.mapper().readTree(VERDICTS.resolve("cases.json").toFile());
        for (JsonNode verdict : cases) {
            String yaml = Files.readString(VERDICTS.resolve(verdict.get("yaml").asText()));
            if (accepted(yaml) != verdict.get("ok").asBoolean()) {
                differing.add(verdict.get("id").asText());
            }
        }
        assertThat(differing).hasSizeLessThanOrEqualTo(cases.size() / 100);
    }

    private static boolean accepted(String yaml) {
        try {
            return Validator.lint(Manifests.read(yaml), TemplateLookup.NONE).ok();
        } catch (InvalidManifestException e) {
            return false;
        }
    }
}
