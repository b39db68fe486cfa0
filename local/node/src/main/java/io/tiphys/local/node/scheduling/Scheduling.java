package io.tiphys.local.node.scheduling;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.NodeAffinity;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodAffinityTerm;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One decision of the scheduler (Kubernetes: pkg/scheduler/framework/plugins). Nodes that may not be are left out, each with the first
 * reason in Kubernetes' order; of the others the one that the pod's preferences like best, then the one with the fewest pods, then the
 * first.
 */
public final class Scheduling {
    private static final String AFFINITY = "node(s) didn't match Pod's node affinity/selector";
    private static final String SPREAD = "node(s) didn't match pod topology spread constraints";
    private static final String SPREAD_LABEL = SPREAD + " (missing required label)";
    private static final String ATTRACTION = "node(s) didn't match pod affinity rules";
    private static final String REPULSION = "node(s) didn't match pod anti-affinity rules";
    private static final String REPELLED = "node(s) didn't satisfy existing pods anti-affinity rules";
    private static final List<String> OF_PODS = List.of(SPREAD, ATTRACTION, REPULSION, REPELLED);

    private final Pod pod;
    private final Map<String, String> labels;
    private final List<SchedulableNode> nodes;
    private final Map<String, SchedulableNode> byName;
    private final Collection<PlacedPod> placed;
    private final Function<String, Map<String, String>> namespaceLabels;

    private Scheduling(
            Pod pod,
            List<SchedulableNode> nodes,
            Collection<PlacedPod> placed,
            Function<String, Map<String, String>> namespaceLabels) {
        this.pod = pod;
        this.labels = PlacedPod.labels(pod);
        this.nodes = nodes;
        this.byName = nodes.stream().collect(Collectors.toMap(SchedulableNode::name, node -> node));
        this.placed = placed;
        this.namespaceLabels = namespaceLabels;
    }

    /**
     * Decides.
     *
     * @param nodes those that there are, in order
     * @param placed the pods that have a node and haven't ended
     * @param podsOn how many of them a node has
     * @param namespaceLabels the labels of a namespace, for terms that select by them
     */
    public static Placement place(
            Pod pod,
            List<SchedulableNode> nodes,
            Collection<PlacedPod> placed,
            Function<String, Integer> podsOn,
            Function<String, Map<String, String>> namespaceLabels) {
        return new Scheduling(pod, nodes, placed, namespaceLabels).place(podsOn);
    }

    /** Whether the pod asks for anything that other pods decide. */
    static boolean looksAtPods(Pod pod) {
        Affinity affinity = pod.getSpec().getAffinity();
        return !pod.getSpec().getTopologySpreadConstraints().isEmpty()
                || (affinity != null && (affinity.getPodAffinity() != null || affinity.getPodAntiAffinity() != null));
    }

    private Placement place(Function<String, Integer> podsOn) {
        Map<String, Integer> reasons = new TreeMap<>();
        List<SchedulableNode> fitting = new ArrayList<>();
        for (SchedulableNode node : nodes) {
            Optional<String> reason = reasonAgainst(node);
            if (reason.isEmpty()) {
                fitting.add(node);
            } else {
                reasons.merge(reason.get(), 1, Integer::sum);
            }
        }
        if (fitting.isEmpty()) {
            return new Placement.Nowhere(
                    message(reasons), reasons.keySet().stream().anyMatch(OF_PODS::contains));
        }
        return new Placement.On(
                fitting.size() == 1
                        ? fitting.getFirst().name()
                        : fitting.stream()
                                .min(Comparator.<SchedulableNode>comparingLong(node -> Taints.disliked(pod, node))
                                        .thenComparing(Comparator.comparingLong(this::liking)
                                                .reversed())
                                        .thenComparingLong(this::crowding)
                                        .thenComparingInt(node -> podsOn.apply(node.name())))
                                .orElseThrow()
                                .name());
    }

    private String message(Map<String, Integer> reasons) {
        if (nodes.isEmpty()) {
            return "no nodes available to schedule pods";
        }
        return "0/" + nodes.size() + " nodes are available: "
                + reasons.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + ".";
    }

    private Optional<String> reasonAgainst(SchedulableNode node) {
        if (node.cordoned() && !toleratesCordon()) {
            return Optional.of("node(s) were unschedulable");
        }
        Optional<String> taint = Taints.forbidding(pod, node)
                .map(forbidding -> "node(s) had untolerated taint " + Taints.text(forbidding));
        if (taint.isPresent()) {
            return taint;
        }
        if (!isSelected(node)) {
            return Optional.of(AFFINITY);
        }
        if (node.memory() != null && MemoryRequest.of(pod).compareTo(node.memory()) > 0) {
            return Optional.of("Insufficient memory");
        }
        Optional<String> spread = spreadAgainst(node);
        return spread.isPresent() ? spread : podsAgainst(node);
    }

    private boolean toleratesCordon() {
        return pod.getSpec().getTolerations().stream()
                .anyMatch(each -> "Exists".equals(each.getOperator())
                        && (each.getKey() == null || each.getKey().equals("node.kubernetes.io/unschedulable"))
                        && (each.getEffect() == null || each.getEffect().equals("NoSchedule")));
    }

    private boolean isSelected(SchedulableNode node) {
        Map<String, String> selector = pod.getSpec().getNodeSelector();
        if (selector != null && !node.labels().entrySet().containsAll(selector.entrySet())) {
            return false;
        }
        NodeSelector required = nodeAffinity()
                .map(NodeAffinity::getRequiredDuringSchedulingIgnoredDuringExecution)
                .orElse(null);
        return required == null
                || required.getNodeSelectorTerms().stream().anyMatch(term -> Selectors.matches(term, node));
    }

    private Optional<NodeAffinity> nodeAffinity() {
        return Optional.ofNullable(pod.getSpec().getAffinity()).map(Affinity::getNodeAffinity);
    }

    // --- topology spread

    private Optional<String> spreadAgainst(SchedulableNode node) {
        for (TopologySpreadConstraint constraint : pod.getSpec().getTopologySpreadConstraints()) {
            if (!"DoNotSchedule".equals(constraint.getWhenUnsatisfiable())) {
                continue;
            }
            String domain = node.labels().get(constraint.getTopologyKey());
            if (domain == null) {
                return Optional.of(SPREAD_LABEL);
            }
            Map<String, Integer> counts = spread(constraint);
            int least =
                    counts.values().stream().mapToInt(Integer::intValue).min().orElse(0);
            Integer minDomains = constraint.getMinDomains();
            if (minDomains != null && counts.size() < minDomains) {
                least = 0;
            }
            int own = Selectors.matches(constraint.getLabelSelector(), labels) ? 1 : 0;
            if (counts.getOrDefault(domain, 0) + own - least > constraint.getMaxSkew()) {
                return Optional.of(SPREAD);
            }
        }
        return Optional.empty();
    }

    /** How many pods each domain has that a constraint counts; domains without any are there with 0. */
    private Map<String, Integer> spread(TopologySpreadConstraint constraint) {
        Map<String, Integer> counts = new HashMap<>();
        boolean onlySelected = !"Ignore".equals(constraint.getNodeAffinityPolicy());
        for (SchedulableNode node : nodes) {
            String domain = node.labels().get(constraint.getTopologyKey());
            if (domain != null && (!onlySelected || isSelected(node))) {
                counts.putIfAbsent(domain, 0);
            }
        }
        for (PlacedPod other : placed) {
            String domain = domain(other.node(), constraint.getTopologyKey());
            if (domain != null
                    && counts.containsKey(domain)
                    && other.namespace().equals(pod.getMetadata().getNamespace())
                    && Selectors.matches(constraint.getLabelSelector(), other.labels())) {
                counts.merge(domain, 1, Integer::sum);
            }
        }
        return counts;
    }

    private @Nullable String domain(String nodeName, String topologyKey) {
        SchedulableNode node = byName.get(nodeName);
        return node == null ? null : node.labels().get(topologyKey);
    }

    private long crowding(SchedulableNode node) {
        return pod.getSpec().getTopologySpreadConstraints().stream()
                .filter(constraint -> "ScheduleAnyway".equals(constraint.getWhenUnsatisfiable()))
                .mapToLong(constraint -> spread(constraint)
                        .getOrDefault(node.labels().getOrDefault(constraint.getTopologyKey(), ""), Integer.MAX_VALUE))
                .sum();
    }

    // --- other pods

    private Optional<String> podsAgainst(SchedulableNode node) {
        if (!required(true).stream().allMatch(term -> attracts(term, node))) {
            return Optional.of(ATTRACTION);
        }
        if (required(false).stream().anyMatch(term -> hasInDomain(term, node))) {
            return Optional.of(REPULSION);
        }
        boolean repelled = placed.stream()
                .filter(other -> !other.keepsAway().isEmpty())
                .anyMatch(other -> other.keepsAway().stream()
                        .anyMatch(term -> isSameDomain(other.node(), node, term.getTopologyKey())
                                && selects(
                                        term,
                                        other.namespace(),
                                        pod.getMetadata().getNamespace(),
                                        labels)));
        return repelled ? Optional.of(REPELLED) : Optional.empty();
    }

    private List<PodAffinityTerm> required(boolean attraction) {
        Affinity affinity = pod.getSpec().getAffinity();
        if (affinity == null) {
            return List.of();
        }
        if (attraction) {
            return affinity.getPodAffinity() == null
                    ? List.of()
                    : affinity.getPodAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
        }
        return PlacedPod.keepsAway(pod);
    }

    /** The first of pods that want each other's company may go anywhere. */
    private boolean attracts(PodAffinityTerm term, SchedulableNode node) {
        if (!node.labels().containsKey(term.getTopologyKey())) {
            return false;
        }
        if (hasInDomain(term, node)) {
            return true;
        }
        String own = pod.getMetadata().getNamespace();
        return selects(term, own, own, labels)
                && placed.stream().noneMatch(other -> selects(term, own, other.namespace(), other.labels()));
    }

    private boolean hasInDomain(PodAffinityTerm term, SchedulableNode node) {
        return countInDomain(term, node) > 0;
    }

    private long countInDomain(PodAffinityTerm term, SchedulableNode node) {
        return placed.stream()
                .filter(other -> isSameDomain(other.node(), node, term.getTopologyKey()))
                .filter(other -> selects(term, pod.getMetadata().getNamespace(), other.namespace(), other.labels()))
                .count();
    }

    private boolean isSameDomain(String nodeName, SchedulableNode node, String topologyKey) {
        String there = domain(nodeName, topologyKey);
        return there != null && there.equals(node.labels().get(topologyKey));
    }

    /** Whether a term of a pod of one namespace selects a pod of another, or the same. */
    private boolean selects(
            PodAffinityTerm term, String termNamespace, String namespace, Map<String, String> podLabels) {
        boolean namesNone = term.getNamespaces().isEmpty() && term.getNamespaceSelector() == null;
        boolean isNamed = term.getNamespaces().contains(namespace)
                || (term.getNamespaceSelector() != null
                        && Selectors.matches(term.getNamespaceSelector(), namespaceLabels.apply(namespace)));
        boolean isAsked = namesNone ? namespace.equals(termNamespace) : isNamed;
        return isAsked && Selectors.matches(term.getLabelSelector(), podLabels);
    }

    // --- preferences

    private long liking(SchedulableNode node) {
        Affinity affinity = pod.getSpec().getAffinity();
        if (affinity == null) {
            return 0;
        }
        long sum = nodeAffinity().stream()
                .flatMap(rules -> rules.getPreferredDuringSchedulingIgnoredDuringExecution().stream())
                .filter(preferred -> Selectors.matches(preferred.getPreference(), node))
                .mapToLong(preferred -> preferred.getWeight())
                .sum();
        if (affinity.getPodAffinity() != null) {
            sum += weight(affinity.getPodAffinity().getPreferredDuringSchedulingIgnoredDuringExecution(), node);
        }
        if (affinity.getPodAntiAffinity() != null) {
            sum -= weight(affinity.getPodAntiAffinity().getPreferredDuringSchedulingIgnoredDuringExecution(), node);
        }
        return sum;
    }

    private long weight(List<WeightedPodAffinityTerm> terms, SchedulableNode node) {
        return terms.stream()
                .mapToLong(term -> term.getWeight() * countInDomain(term.getPodAffinityTerm(), node))
                .sum();
    }
}
