package io.tiphys.controller.kube;

/**
 * Who wants a request to the API server, and how much.
 *
 * @param urgency what the request does for the workflow
 * @param namespace whose turn it is; namespaces take turns
 * @param priority of the workflow among those of its namespace; higher ones go first
 */
public record Demand(Urgency urgency, String namespace, int priority) {

    /**
     * What waits gets its turn in this order, so that what has begun is finished before more is begun; one of every sixteen
     * turns goes by the opposite order, and one to what is started.
     */
    public enum Urgency {
        /** Users see how a workflow stands: its status and labels, one request of each workflow at a time. */
        SHOWING,
        /** Work goes on when this is done: pods are made and ended, users answered. */
        WORK,
        /** A workflow is taken up, its first pods are made. */
        STARTING,
        /** Nobody waits for it: marks on ended pods, Kubernetes Events, pods that are swept up. */
        TIDYING
    }

    /** For the controller itself. */
    static final Demand OWN = new Demand(Urgency.WORK, "", 0);

    public static Demand showing(String namespace) {
        return new Demand(Urgency.SHOWING, namespace, 0);
    }

    public static Demand work(String namespace, int priority) {
        return new Demand(Urgency.WORK, namespace, priority);
    }

    public static Demand starting(String namespace, int priority) {
        return new Demand(Urgency.STARTING, namespace, priority);
    }

    public static Demand tidying(String namespace) {
        return new Demand(Urgency.TIDYING, namespace, 0);
    }
}
