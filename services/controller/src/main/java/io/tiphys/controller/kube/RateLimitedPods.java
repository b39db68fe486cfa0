package io.tiphys.controller.kube;

import java.time.Clock;

/** Pods that are created at no more than a certain rate; all else passes. */
public final class RateLimitedPods implements PodGateway {
    private static final String REACHED = "resource creation rate-limit reached";

    private final PodGateway pods;
    private final PodRate rate;

    /**
     * Limits what goes through it.
     *
     * @param perSecond pods a second in the long run, above 0
     * @param burst pods that may be created at once after a time of rest, at least 1
     */
    public RateLimitedPods(PodGateway pods, Clock clock, double perSecond, int burst) {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("tiphys.resource-rate-limit: limit is " + perSecond + ", burst is "
                    + burst + "; limit must be above 0, burst at least 1");
        }
        this.pods = pods;
        this.rate = new PodRate(clock, perSecond, burst);
    }

    @Override
    public Ensured ensure(PodOrder order) throws InterruptedException {
        return rate.mayCreate(order) ? pods.ensure(order) : new Ensured.Refused(REACHED, true);
    }

    @Override
    public boolean delete(String namespace, String name) throws InterruptedException {
        return pods.delete(namespace, name);
    }

    @Override
    public void terminate(String namespace, String name) throws InterruptedException {
        pods.terminate(namespace, name);
    }

    @Override
    public boolean labelCompleted(String namespace, String name) throws InterruptedException {
        return pods.labelCompleted(namespace, name);
    }

    @Override
    public void release(String namespace, String name) throws InterruptedException {
        pods.release(namespace, name);
    }
}
