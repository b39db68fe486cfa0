package io.tiphys.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Artifacts go when the workflow's policy says so, and not before. */
@ExtendWith(RunningSystem.class)
class ArtifactDeletionTest {
    private final Tiphys tiphys;

    ArtifactDeletionTest(Tiphys tiphys) {
        this.tiphys = tiphys;
    }

    @Test
    void artifactsGoAtCompletionAtDeletionOrNever() {
        JsonNode workflow = tiphys.submitAndWait("examples/artifact-gc.yaml");
        String name = workflow.at("/metadata/name").asText();
        assertThat(Tiphys.phase(workflow)).isEqualTo("Succeeded");

        Waiting.until("scratch is gone", () -> stored(name, "scratch"), stored -> !stored);
        assertThat(stored(name, "result")).isTrue();
        assertThat(stored(name, "keep")).isTrue();

        String uid = workflow.at("/metadata/uid").asText();
        Waiting.until("the workflow is in the archive", () -> archived(uid), archived -> archived);
        tiphys.ok("delete", name);
        Waiting.until("result is gone", () -> storedOfArchived(uid, name, "result"), stored -> !stored);
        assertThat(storedOfArchived(uid, name, "keep")).isTrue();
    }

    private boolean stored(String workflow, String artifact) {
        return status("/artifacts/default/" + workflow + "/" + workflow + "/" + artifact) == 200;
    }

    private boolean storedOfArchived(String uid, String node, String artifact) {
        return status("/artifacts-by-uid/" + uid + "/" + node + "/" + artifact) == 200;
    }

    private boolean archived(String uid) {
        return status("/api/v1/archived-workflows/" + uid) == 200;
    }

    private int status(String path) {
        String api =
                Tiphys.json(tiphys.run("status", "-o", "json")).at("/urls/api").asText();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(URI.create(api + path)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new AssertionError("GET " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
