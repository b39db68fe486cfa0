package io.tiphys.local.node.pod;

/**
 * Where a pod is.
 *
 * @param node the name of its node
 * @param address its own, or the machine's where it shares that
 * @param sharesAddress whether it is on the machine's network as the machine's own processes are ({@code hostNetwork})
 */
public record PodPlace(String node, String address, boolean sharesAddress) {}
