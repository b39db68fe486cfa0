package io.tiphys.submitter.auth;

import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.arc.Arc;
import io.quarkus.runtime.StartupEvent;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Set;

/**
 * What the caller of the current request may do, which the Kubernetes API decides. Requests to it bear the caller's credentials; for what
 * others do on the caller's behalf (the shared watch, the archive, the object store) it is asked whether the caller may.
 */
@ApplicationScoped
public class Access {
    private final KubernetesClient own;
    private final Caller caller;
    private final Set<AuthMode> modes;
    private final CallersClients clients;

    public Access(KubernetesClient own, Caller caller, SubmitterConfig config) {
        this.own = own;
        this.caller = caller;
        this.modes = AuthMode.parse(config.authMode());
        this.clients = new CallersClients(own.getConfiguration());
    }

    /** Modes that make no sense keep the service from starting. */
    void onStart(@Observes StartupEvent event) {
        if (modes.isEmpty()) {
            throw new IllegalStateException("there is no auth mode");
        }
    }

    Set<AuthMode> modes() {
        return modes;
    }

    /** The submitter's own access, for what no request asks for. */
    public KubernetesClient own() {
        return own;
    }

    /**
     * The Kubernetes API as the caller of the current request sees it.
     *
     * @throws IllegalStateException outside of a request that was let in, when callers are asked who they are
     */
    public KubernetesClient kubernetes() {
        String authorization = authorization();
        return authorization.isEmpty() ? own : clients.of(authorization);
    }

    private String authorization() {
        if (modes.equals(Set.of(AuthMode.SERVER))) {
            return "";
        }
        if (!Arc.container().requestContext().isActive() || !caller.isIdentified()) {
            throw new IllegalStateException("nobody in particular asks for this, so nobody's rights are known");
        }
        return caller.authorization();
    }

    /** Argo's workflows: {@link #require(String, String, String, String, String)}. */
    public void requireWorkflows(String verb, String namespace, String name) {
        require(verb, "argoproj.io", "workflows", namespace, name);
    }

    /**
     * Refuses what the caller may not do.
     *
     * @param resource with its subresource, {@code pods/log}
     * @param namespace empty for all
     * @param name empty for all
     * @throws ApiException if the caller may not
     */
    public void require(String verb, String group, String resource, String namespace, String name) {
        if (authorization().isEmpty()) {
            return;
        }
        String[] parts = resource.split("/", 2);
        SelfSubjectAccessReview review = kubernetes()
                .resource(new SelfSubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withNewResourceAttributes()
                        .withVerb(verb)
                        .withGroup(group)
                        .withResource(parts[0])
                        .withSubresource(parts.length > 1 ? parts[1] : null)
                        .withNamespace(namespace)
                        .withName(name)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .create();
        boolean allowed = review.getStatus() != null
                && Boolean.TRUE.equals(review.getStatus().getAllowed());
        if (!allowed) {
            throw new ApiException(
                    Code.PERMISSION_DENIED,
                    "%s is forbidden: you may not %s it in namespace \"%s\"%s"
                            .formatted(
                                    group.isEmpty() ? resource : resource + "." + group,
                                    verb,
                                    namespace,
                                    name.isEmpty() ? "" : " under the name \"" + name + "\""));
        }
    }

    @PreDestroy
    void close() {
        clients.close();
    }
}
