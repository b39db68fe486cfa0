package io.tiphys.submitter.artifacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.ArtifactRepositoryRef;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.submitter.config.RepositoryConfig;
import io.tiphys.submitter.kube.ArgoKind;
import io.tiphys.submitter.kube.ArgoObjects;
import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where a file goes that somebody gives for an argument artifact of a workflow template: {@code uploads/NAMESPACE/UUID/FILE} in the
 * artifact's own bucket, or in the artifact repository (Argo: UploadInputArtifact).
 */
@ApplicationScoped
public class UploadPlace {
    /** Kinds of storage whose places differ by their key alone. */
    private static final List<String> KINDS = List.of("oss", "s3", "gcs");

    private final ArgoObjects objects;
    private final KubernetesClient client;
    private final Stores stores;
    private final ObjectMapper json;
    private final Optional<String> ownRepository;
    private final YAMLMapper yaml = new YAMLMapper();

    public UploadPlace(
            ArgoObjects objects, KubernetesClient client, Stores stores, ObjectMapper json, RepositoryConfig config) {
        this.objects = objects;
        this.client = client;
        this.stores = stores;
        this.json = json;
        this.ownRepository = config.repository();
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
        JsonNode owner = hasBucket(argument.artifact()) ? argument.artifact() : repository(argument);
        for (String kind : KINDS) {
            if (owner.path(kind) instanceof ObjectNode base) {
                ObjectNode place = base.deepCopy();
                place.remove(List.of("keyFormat", "keyPrefix"));
                place.put("key", key);
                return locate(argument.namespace(), json.createObjectNode().set(kind, place));
            }
        }
        throw ApiException.invalid("artifact \"" + argument.name() + "\" has no place in storage of kind "
                + String.join(", ", KINDS) + ": give it one in workflow template \"" + argument.template()
                + "\", or set up an artifact repository");
    }

    private Located locate(String namespace, JsonNode location) {
        try {
            return stores.locate(namespace, json.convertValue(location, ArtifactLocation.class));
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
    }

    private static boolean hasBucket(JsonNode artifact) {
        return KINDS.stream()
                .anyMatch(kind -> !artifact.path(kind).path("bucket").asText("").isEmpty());
    }

    /** The repository that the template names, that of its namespace, or the one of the settings. */
    private JsonNode repository(Argument argument) {
        JsonNode named = argument.spec().path("artifactRepositoryRef");
        ArtifactRepositoryRef wanted = named.isObject() ? json.convertValue(named, ArtifactRepositoryRef.class) : null;
        ConfigMap map = client.configMaps()
                .inNamespace(argument.namespace())
                .withName(ArtifactRepositoryRef.configMapOf(wanted))
                .get();
        String key = ArtifactRepositoryRef.keyOf(
                wanted, map == null ? null : map.getMetadata().getAnnotations());
        String text = map == null || map.getData() == null || key == null
                ? null
                : map.getData().get(key);
        try {
            if (text != null) {
                return yaml.readTree(text);
            }
            return ownRepository.isPresent() ? json.readTree(ownRepository.get()) : json.createObjectNode();
        } catch (JsonProcessingException e) {
            throw ApiException.invalid("the artifact repository of namespace \"" + argument.namespace()
                    + "\" can't be read: " + e.getOriginalMessage());
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
