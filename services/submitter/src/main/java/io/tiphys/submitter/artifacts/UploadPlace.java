package io.tiphys.submitter.artifacts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.Relocation;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/**
 * Where a file goes that somebody gives for an argument artifact of a workflow template: {@code uploads/NAMESPACE/UUID/FILE} in the
 * artifact's own bucket, or in the artifact repository (Argo: UploadInputArtifact).
 */
@ApplicationScoped
public class UploadPlace {
    private final ArgoObjects objects;
    private final Repositories repositories;
    private final Stores stores;
    private final ObjectMapper json;

    public UploadPlace(ArgoObjects objects, Repositories repositories, Stores stores, ObjectMapper json) {
        this.objects = objects;
        this.repositories = repositories;
        this.stores = stores;
        this.json = json;
    }

    /** The template's artifact, or a refusal if the template isn't there or has no such argument. */
    public Argument argument(String namespace, String template, String artifact) {
        ObjectNode found = objects.get(ArgoKind.WORKFLOW_TEMPLATE, namespace, template);
        for (JsonNode declared : found.path("spec").path("arguments").path("artifacts")) {
            if (declared.path("name").asText("").equals(artifact)) {
                return new Argument(namespace, template, artifact, declared, found.path("spec"));
            }
        }
        throw ApiException.notFound(
                "artifact \"" + artifact + "\" not found in spec.arguments.artifacts of workflow template \""
                        + namespace + "/" + template + "\"");
    }

    /** An artifact that a template takes as argument. */
    public record Argument(String namespace, String template, String name, JsonNode artifact, JsonNode spec) {}

    /** A new place of its own for a file of this name. */
    public Located place(Argument argument, String fileName) {
        String key = "uploads/" + argument.namespace() + "/" + UUID.randomUUID() + "/" + bareName(fileName);
        JsonNode owner = Relocation.namesPlace(argument.artifact())
                ? argument.artifact()
                : repositories.find(argument.namespace(), argument.spec().path("artifactRepositoryRef"));
        String kind = Relocation.kind(owner).orElse("");
        if (Repositories.KINDS.contains(kind)) {
            return locate(
                    argument.namespace(), Relocation.inRepository(owner, key).orElseThrow());
        }
        throw ApiException.invalid("artifact \"" + argument.name() + "\" has no place in storage of kind "
                + String.join(", ", Repositories.KINDS) + ": give it one in workflow template \"" + argument.template()
                + "\", or set up an artifact repository");
    }

    private Located locate(String namespace, JsonNode location) {
        try {
            return stores.locate(namespace, json.convertValue(location, ArtifactLocation.class));
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    /** Browsers of Windows may send a whole path. */
    private static String bareName(String fileName) {
        String name = fileName.replace('\\', '/').replaceAll("\\p{Cntrl}", "_");
        String bare = name.substring(name.lastIndexOf('/') + 1).strip();
        if (bare.isEmpty() || bare.equals(".") || bare.equals("..") || bare.length() > 255) {
            throw ApiException.invalid("the file's name is \"" + fileName + "\"; it must be 1 to 255 characters");
        }
        return bare;
    }
}
