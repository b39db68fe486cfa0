package io.tiphys.controller.shard;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ArtifactRepository;
import io.tiphys.api.ArtifactRepositoryRef;
import io.tiphys.api.ArtifactRepositoryRefStatus;
import io.tiphys.api.Workflow;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the artifacts of workflows go that don't say it themselves. */
final class ArtifactRepositories {
    private final ReferencedObjects objects;
    private final ArtifactRepository defaultRepository;

    ArtifactRepositories(ReferencedObjects objects, ArtifactRepository defaultRepository) {
        this.objects = objects;
        this.defaultRepository = defaultRepository;
    }

    /** A repository, and what the status says about where it was found. */
    record Repository(
            ArtifactRepository repository, @Nullable ArtifactRepositoryRefStatus ref) {}

    /**
     * The repository that the workflow names, that of its namespace, or the controller's own.
     *
     * @param workflow with the spec that is executed
     * @throws IllegalArgumentException if there is none where the workflow says, or it can't be read
     */
    Repository of(Workflow workflow) throws InterruptedException {
        ArtifactRepositoryRef wanted = workflow.getSpec().artifactRepositoryRef();
        String name = ArtifactRepositoryRef.configMapOf(wanted);
        String namespace = workflow.getMetadata().getNamespace();
        ConfigMap found = objects.configMap(namespace, name);
        String key = ArtifactRepositoryRef.keyOf(
                wanted, found == null ? null : found.getMetadata().getAnnotations());
        String text = found == null || found.getData() == null || key == null
                ? null
                : found.getData().get(key);
        if (text == null && wanted != null) {
            throw new IllegalArgumentException(
                    "failed to resolve artifact repository: there is no key \"%s\" in a ConfigMap %s/%s"
                            .formatted(key == null ? "" : key, namespace, name));
        }
        if (text == null) {
            return new Repository(
                    defaultRepository, new ArtifactRepositoryRefStatus(null, null, null, true, defaultRepository));
        }
        ArtifactRepository repository = parsed(text, namespace, name, String.valueOf(key));
        return new Repository(
                repository,
                ApiJson.mapper()
                        .convertValue(
                                Map.of(
                                        "configMap",
                                        name,
                                        "key",
                                        key,
                                        "namespace",
                                        namespace,
                                        "artifactRepository",
                                        repository),
                                ArtifactRepositoryRefStatus.class));
    }

    private static ArtifactRepository parsed(String text, String namespace, String configMap, String key) {
        try {
            return Serialization.unmarshal(text, ArtifactRepository.class);
        } catch (RuntimeException e) {
            String detail = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new IllegalArgumentException(
                    "the artifact repository under \"%s\" in ConfigMap %s/%s can't be read: %s"
                            .formatted(key, namespace, configMap, detail),
                    e);
        }
    }
}
