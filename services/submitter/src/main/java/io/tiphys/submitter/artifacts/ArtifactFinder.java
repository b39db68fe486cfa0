package io.tiphys.submitter.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.Relocation;
import io.tiphys.artifacts.ArtifactStore.Ability;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import io.tiphys.submitter.workflow.WorkflowTree;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;

/**
 * From a node's artifact to the object in the store. An artifact whose location isn't whole lies in the artifact repository that
 * the workflow was started with ({@code status.artifactRepositoryRef}, {@link Relocation}).
 */
@ApplicationScoped
public class ArtifactFinder {
    private final Stores stores;
    private final ObjectMapper json;

    public ArtifactFinder(Stores stores, ObjectMapper json) {
        this.stores = stores;
        this.json = json;
    }

    /** Where in its template an artifact is declared. */
    public enum Direction {
        INPUTS("inputs"),
        OUTPUTS("outputs");

        private final String field;

        Direction(String field) {
            this.field = field;
        }
    }

    /** The place of a hydrated workflow's artifact, or a refusal that says what is missing. */
    public Located find(WorkflowTree workflow, String nodeId, Direction direction, String name) {
        JsonNode node = workflow.nodes().path(nodeId);
        if (node.isMissingNode()) {
            throw ApiException.notFound("node \"" + nodeId + "\" not found in workflow \"" + workflow.name() + "\"");
        }
        List<String> known = new ArrayList<>();
        for (JsonNode artifact : node.path(direction.field).path("artifacts")) {
            if (artifact.path("name").asText("").equals(name)) {
                return locate(workflow, artifact);
            }
            known.add(artifact.path("name").asText(""));
        }
        throw ApiException.notFound("artifact \"" + name + "\" not found in the " + direction.field + " of node \""
                + nodeId + "\"; known: " + String.join(", ", known));
    }

    /** The place of this artifact of the workflow. */
    public Located locate(WorkflowTree workflow, JsonNode artifact) {
        String name = artifact.path("name").asText("");
        if (artifact.path("deleted").asBoolean(false)) {
            throw ApiException.notFound("artifact \"" + name + "\" was deleted by the workflow's artifactGC policy");
        }
        try {
            return stores.locate(
                    workflow.namespace(), json.convertValue(location(workflow, artifact), ArtifactLocation.class));
        } catch (StoreException e) {
            throw toApi(e);
        }
    }

    /** Whether there is no object under the key itself, but some below it. */
    public boolean isDirectory(Located located) {
        try {
            return located.store().head(located.key()).isEmpty()
                    && located.store().abilities().contains(Ability.LIST)
                    && new DirectoryStream(located.store(), located.key()).exists();
        } catch (StoreException e) {
            throw toApi(e);
        }
    }

    private static ObjectNode location(WorkflowTree workflow, JsonNode artifact) {
        JsonNode repository =
                workflow.json().path("status").path("artifactRepositoryRef").path("artifactRepository");
        ObjectNode location = Relocation.locate(artifact, repository)
                .orElseThrow(() -> ApiException.notFound("artifact \""
                        + artifact.path("name").asText("")
                        + "\" has no location in object storage: the node did not save it"));
        location.forEach(each -> ((ObjectNode) each).remove(List.of("lifecycleRule", "createBucketIfNotPresent")));
        return location;
    }

    public static ApiException toApi(StoreException e) {
        Code code = switch (e.kind()) {
            case NOT_FOUND -> Code.NOT_FOUND;
            case REFUSED -> Code.INTERNAL;
            case UNAVAILABLE -> Code.UNAVAILABLE;
        };
        return new ApiException(code, String.valueOf(e.getMessage()), e);
    }
}
