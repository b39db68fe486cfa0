package io.tiphys.controller.kube;

/**
 * Who wants a request to the API server, and how much.
 *
 * @param urgency what the request does for the workflow
 * @param namespace whose turn it is; namespaces take turns
 * @param priority of the workflow among those of its namespace; higher ones go first
 */
public record Demand(Urgency urgency, String namespace, int priority) {

    /** What waits gets its turn in this order; the later ones get one of every sixteen turns all the same. */
    public enum Urgency {
        /** Work goes on when this is done: pods are made, phases shown, users answered. */
        WORK,
        /** Nobody waits for it: marks on ended pods, Kubernetes Events, pods that are swept up. */
        TIDYING
    }

    /** For the controller itself. */
    static final Demand OWN = new Demand(Urgency.WORK, "", 0);

    public static Demand work(String namespace, int priority) {
        return new Demand(Urgency.WORK, namespace, priority);
    }

    public static Demand tidying(String namespace) {
        return new Demand(Urgency.TIDYING, namespace, 0);
    }
}
