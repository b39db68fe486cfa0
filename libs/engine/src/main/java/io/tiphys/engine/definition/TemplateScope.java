package io.tiphys.engine.definition;

/**
 * Where a template lives, and where the names that it uses are looked up: the workflow itself, a WorkflowTemplate or a
 * ClusterWorkflowTemplate. The text is {@code status.nodes[].templateScope}.
 */
public record TemplateScope(Kind kind, String resource) {

    /** Kind of object that holds the templates. */
    public enum Kind {
        LOCAL("local"),
        NAMESPACED("namespaced"),
        CLUSTER("cluster");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    static TemplateScope of(References.Key key) {
        return new TemplateScope(key.clusterScope() ? Kind.CLUSTER : Kind.NAMESPACED, key.name());
    }

    public String text() {
        return kind.text() + "/" + resource;
    }

    /** Prefix of the keys of this scope's templates: local ones don't repeat the workflow's name. */
    String keyPrefix() {
        return kind.text() + "/" + (kind == Kind.LOCAL ? "" : resource) + "/";
    }
}
