package io.tiphys.submitter.artifacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.ArtifactRepositoryRef;
import io.tiphys.api.Relocation;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.submitter.config.RepositoryConfig;
import io.tiphys.submitter.rest.ApiException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;

/** Artifact repositories: of a namespace's ConfigMap, else the one of the settings (Argo: ArtifactRepositories). */
@ApplicationScoped
public class Repositories {
    /** Kinds of storage whose places differ by their key alone. */
    static final List<String> KINDS = List.of("oss", "s3", "gcs");

    private final KubernetesClient client;
    private final Stores stores;
    private final ObjectMapper json;
    private final Optional<String> ownRepository;
    private final YAMLMapper yaml = new YAMLMapper();

    public Repositories(KubernetesClient client, Stores stores, ObjectMapper json, RepositoryConfig config) {
        this.client = client;
        this.stores = stores;
        this.json = json;
        this.ownRepository = config.repository();
    }

    /** The repository that is named, that of the namespace, or the one of the settings; an empty object if there is none. */
    public JsonNode find(String namespace, JsonNode named) {
        ArtifactRepositoryRef wanted = named.isObject() ? json.convertValue(named, ArtifactRepositoryRef.class) : null;
        ConfigMap map = client.configMaps()
                .inNamespace(namespace)
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
            throw ApiException.invalid("the artifact repository of namespace \"" + namespace + "\" can't be read: "
                    + e.getOriginalMessage());
        }
    }

    /** The store of the namespace's default repository, or a refusal that says what is missing. */
    public ArtifactStore store(String namespace) {
        JsonNode repository = find(namespace, MissingNode.getInstance());
        if (KINDS.contains(Relocation.kind(repository).orElse(""))) {
            ObjectNode any = Relocation.inRepository(repository, "any")
                    .orElseThrow(); // a location has a key; only its store is asked for
            try {
                return stores.locate(namespace, json.convertValue(any, ArtifactLocation.class))
                        .store();
            } catch (StoreException e) {
                throw ArtifactFinder.toApi(e);
            }
        }
        throw ApiException.notFound(
                "namespace \"" + namespace + "\" has no artifact repository of kind " + String.join(", ", KINDS)
                        + ": set TIPHYS_ARTIFACT_REPOSITORY or give it a ConfigMap artifact-repositories");
    }
}
