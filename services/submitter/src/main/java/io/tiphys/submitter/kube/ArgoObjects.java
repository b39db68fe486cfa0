package io.tiphys.submitter.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.dsl.AnyNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.tiphys.submitter.auth.Access;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Argo's objects in the Kubernetes API, as JSON trees. Blocking: call it from a virtual thread. A failure of the Kubernetes API
 * comes as Fabric8's exception; the answer's error mapping understands it.
 */
@ApplicationScoped
public class ArgoObjects {
    private static final long PAGE = 250;

    private final Supplier<KubernetesClient> client;
    private final Access access;
    private final Installation installation;
    private final ObjectMapper json;

    @Inject
    public ArgoObjects(Access access, Installation installation, ObjectMapper json) {
        this(access::kubernetes, access, installation, json);
    }

    private ArgoObjects(
            Supplier<KubernetesClient> client, Access access, Installation installation, ObjectMapper json) {
        this.client = client;
        this.access = access;
        this.installation = installation;
        this.json = json;
    }

    /** The same with the submitter's own rights: for what no request asks for, or was allowed to all alike. */
    public ArgoObjects ofServer() {
        return new ArgoObjects(access::own, access, installation, json);
    }

    /** The object; one of another installation in the cluster is refused. */
    public Optional<ObjectNode> find(ArgoKind kind, String namespace, String name) {
        return lookUp(kind, namespace, name).map(found -> installation.requireOwn(kind, found));
    }

    /** The object, whosever it is: for what others refer to. */
    public Optional<ObjectNode> lookUp(ArgoKind kind, String namespace, String name) {
        return Optional.ofNullable(
                        Repeatable.call(() -> in(kind, namespace).withName(name).get()))
                .map(this::toTree);
    }

    /**
     * The object, or a refusal of kind "not found" worded as the Kubernetes API words it.
     */
    public ObjectNode get(ArgoKind kind, String namespace, String name) {
        return find(kind, namespace, name).orElseThrow(() -> notFound(kind, name));
    }

    public static ApiException notFound(ArgoKind kind, String name) {
        return new ApiException(Code.NOT_FOUND, kind.plural() + ".argoproj.io \"" + name + "\" not found");
    }

    public ObjectNode create(ArgoKind kind, String namespace, ObjectNode object, boolean dryRun) {
        Resource<GenericKubernetesResource> resource =
                in(kind, namespace).resource(toResource(kind, installation.labelled(kind, object)));
        return toTree(dryRun ? resource.dryRun(true).create() : resource.create());
    }

    /** Replaces the object; its resourceVersion, where given, must be the current one. */
    public ObjectNode replace(ArgoKind kind, String namespace, ObjectNode object) {
        return toTree(in(kind, namespace).resource(toResource(kind, object)).update());
    }

    public ObjectNode mergePatch(ArgoKind kind, String namespace, String name, ObjectNode patch) {
        Resource<GenericKubernetesResource> resource = in(kind, namespace).withName(name);
        return toTree(Repeatable.call(() -> resource.patch(PatchContext.of(PatchType.JSON_MERGE), patch.toString())));
    }

    /** Deletes in the background; whether there was something to delete. */
    public boolean delete(ArgoKind kind, String namespace, String name) {
        return !in(kind, namespace)
                .withName(name)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete()
                .isEmpty();
    }

    /**
     * Hands every object that matches to the consumer, page by page, so that only one page is in memory.
     *
     * @param namespace empty for all namespaces
     * @return the resource version of the list
     */
    public String forEach(ArgoKind kind, String namespace, Selection selection, Consumer<ObjectNode> consumer) {
        String next = null;
        String version = "";
        do {
            ListOptions options = options(installation.select(kind, selection.labels()), selection.fields(), next);
            GenericKubernetesResourceList page =
                    Repeatable.call(() -> across(kind, namespace).list(options));
            if (version.isEmpty() && page.getMetadata().getResourceVersion() != null) {
                version = page.getMetadata().getResourceVersion();
            }
            for (GenericKubernetesResource item : page.getItems()) {
                consumer.accept(toTree(item));
            }
            next = page.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return version;
    }

    /** The resource version that a watch for everything from now on starts from. */
    public String currentVersion(ArgoKind kind, String namespace) {
        ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
        String version = Repeatable.call(() -> across(kind, namespace).list(one))
                .getMetadata()
                .getResourceVersion();
        return version == null ? "" : version;
    }

    public Watch watch(
            ArgoKind kind, String namespace, String resourceVersion, Watcher<GenericKubernetesResource> watcher) {
        ListOptionsBuilder options = new ListOptionsBuilder().withAllowWatchBookmarks(true);
        if (!resourceVersion.isEmpty()) {
            options.withResourceVersion(resourceVersion);
        }
        String labels = installation.select(kind, "");
        if (!labels.isEmpty()) {
            options.withLabelSelector(labels);
        }
        return across(kind, namespace).watch(options.build(), watcher);
    }

    /** The object without {@code metadata.managedFields}, which nobody here reads. */
    public ObjectNode toTree(GenericKubernetesResource resource) {
        resource.getMetadata().setManagedFields(List.of());
        return json.valueToTree(resource);
    }

    private GenericKubernetesResource toResource(ArgoKind kind, ObjectNode object) {
        ObjectNode typed = object.deepCopy();
        typed.put("apiVersion", ArgoKind.API_VERSION).put("kind", kind.kind());
        JsonNode metadata = typed.path("metadata");
        if (!metadata.isObject()) {
            typed.putObject("metadata");
        }
        return json.convertValue(typed, GenericKubernetesResource.class);
    }

    private static ListOptions options(String labels, String fields, @Nullable String next) {
        ListOptionsBuilder options = new ListOptionsBuilder().withLimit(PAGE);
        if (!labels.isEmpty()) {
            options.withLabelSelector(labels);
        }
        if (!fields.isEmpty()) {
            options.withFieldSelector(fields);
        }
        if (next != null) {
            options.withContinue(next);
        }
        return options.build();
    }

    private NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            in(ArgoKind kind, String namespace) {
        return kind.namespaced() ? all(kind).inNamespace(namespace) : all(kind);
    }

    private AnyNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            across(ArgoKind kind, String namespace) {
        return kind.namespaced() && namespace.isEmpty() ? all(kind).inAnyNamespace() : in(kind, namespace);
    }

    private MixedOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            all(ArgoKind kind) {
        return client.get().genericKubernetesResources(kind.definition());
    }

    /** Which objects, in the Kubernetes API's own selectors; empty text selects all. */
    public record Selection(String labels, String fields) {
        public static final Selection ALL = new Selection("", "");
    }
}
