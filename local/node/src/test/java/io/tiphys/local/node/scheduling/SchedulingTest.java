package io.tiphys.local.node.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scheduler's rules, one pod after the other. */
class SchedulingTest {
    private final List<SchedulableNode> nodes = new ArrayList<>();
    private final Placements placements = new Placements(namespace -> Map.of("team", namespace));
    private int made;

    /** In flow style; what begins with a brace would be taken for JSON. */
    private static <T> T read(String yaml, Class<T> type) {
        return Serialization.unmarshal("# YAML\n" + yaml, type);
    }

    private void node(String name, String labels, String spec) {
        nodes.add(SchedulableNode.of(read(
                "{metadata: {name: %s, labels: {kubernetes.io/hostname: %s%s}}, spec: {%s}}"
                        .formatted(name, name, labels.isEmpty() ? "" : ", " + labels, spec),
                Node.class)));
    }

    private void nodes(String... names) {
        for (String name : names) {
            node(name, "", "");
        }
    }

    private String place(String labels, String spec) {
        return place("n", labels, spec);
    }

    private String place(String namespace, String labels, String spec) {
        Pod pod = read(
                "{metadata: {name: p, namespace: %s, uid: u%d, labels: {%s}}, spec: {%s}}"
                        .formatted(namespace, ++made, labels, spec),
                Pod.class);
        return switch (placements.place(pod, nodes)) {
            case Placement.On(String node) -> node;
            case Placement.Nowhere(String message, boolean _) -> message;
        };
    }

    private static String nodeAffinity(String expression) {
        return "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution: {nodeSelectorTerms: [{"
                + expression + "}]}}}";
    }

    private static String antiAffinity(String labels) {
        return "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey:"
                + " kubernetes.io/hostname, labelSelector: {matchLabels: {" + labels + "}}}]}}";
    }

    @Test
    void podsThatDontCareAreSpreadEvenly() {
        nodes("a", "b");
        assertThat(List.of(place("", ""), place("", ""), place("", ""))).containsExactly("a", "b", "a");
        placements.left("u1");
        placements.left("u3");
        assertThat(place("", "")).isEqualTo("a");
    }

    @Test
    void withoutNodesThereIsNowhereToGo() {
        assertThat(place("", "")).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void aSelectorWantsAllItsLabels() {
        nodes("a");
        node("b", "disk: ssd", "");
        assertThat(place("", "nodeSelector: {disk: ssd}")).isEqualTo("b");
        assertThat(place("", "nodeSelector: {disk: ssd, gpu: 'true'}"))
                .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {key: disk, operator: In, values: [ssd, hdd]}    | b
                    {key: disk, operator: NotIn, values: [ssd]}      | a
                    {key: disk, operator: Exists}                    | b
                    {key: disk, operator: DoesNotExist}              | a
                    {key: cores, operator: Gt, values: ['4']}        | b
                    {key: cores, operator: Lt, values: ['9']}        | b
                    """)
    void affinityToNodesHasOperators(String expression, String node) {
        nodes("a");
        node("b", "disk: ssd, cores: '8'", "");
        assertThat(place("", nodeAffinity("matchExpressions: [" + expression + "]")))
                .isEqualTo(node);
    }

    @Test
    void anAttemptKeepsAwayFromTheHostsOfOthers() {
        nodes("a", "b");
        String awayFromA =
                nodeAffinity("matchExpressions: [{key: kubernetes.io/hostname, operator: NotIn, values: [a]}]");
        assertThat(place("", awayFromA)).isEqualTo("b");
        assertThat(place("", awayFromA.replace("[a]", "[a, b]")))
                .isEqualTo("0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.");
        assertThat(place("", nodeAffinity("matchFields: [{key: metadata.name, operator: In, values: [a]}]")))
                .isEqualTo("a");
        assertThat(place("", nodeAffinity(""))).startsWith("0/2 nodes");
    }

    @Test
    void preferencesDecideAmongThoseThatFit() {
        nodes("a");
        node("b", "disk: ssd", "");
        String likesDisks = "affinity: {nodeAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5,"
                + " preference: {matchExpressions: [{key: disk, operator: Exists}]}}]}}";
        assertThat(List.of(place("", likesDisks), place("", likesDisks))).containsExactly("b", "b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    -                                                  | false
                    {key: gpu, value: big, effect: NoSchedule}         | true
                    {key: gpu, operator: Exists}                       | true
                    {operator: Exists}                                 | true
                    {key: gpu, value: small, effect: NoSchedule}       | false
                    {key: gpu, value: big, effect: NoExecute}          | false
                    """)
    void aTaintWantsToBeTolerated(String toleration, boolean fits) {
        node("a", "", "taints: [{key: gpu, value: big, effect: NoSchedule}]");
        assertThat(place("", toleration == null ? "" : "tolerations: [" + toleration + "]"))
                .isEqualTo(fits ? "a" : "0/1 nodes are available: 1 node(s) had untolerated taint {gpu: big}.");
    }

    @Test
    void aTaintThatOnlyDislikesIsTheLastResort() {
        node("a", "", "taints: [{key: slow, effect: PreferNoSchedule}]");
        nodes("b");
        assertThat(List.of(place("", ""), place("", ""))).containsExactly("b", "b");
        assertThat(place("", "nodeSelector: {kubernetes.io/hostname: a}")).isEqualTo("a");
    }

    @Test
    void aCordonedNodeGetsNothingNew() {
        node("a", "", "unschedulable: true");
        assertThat(place("", "")).isEqualTo("0/1 nodes are available: 1 node(s) were unschedulable.");
        nodes("b");
        assertThat(List.of(place("", ""), place("", ""))).containsExactly("b", "b");
    }

    @Test
    void podsThatRepelEachOtherGoApart() {
        nodes("a", "b");
        String repels = antiAffinity("app: db");
        assertThat(List.of(place("app: db", repels), place("app: db", repels))).containsExactly("a", "b");
        assertThat(place("app: db", repels))
                .isEqualTo("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.");
        assertThat(place("other", "app: db", repels)).as("in another namespace").isEqualTo("a");
    }

    @Test
    void whoIsThereRepelsWhoComes() {
        nodes("a", "b");
        place("app: quiet", antiAffinity("app: loud"));
        assertThat(List.of(place("app: loud", ""), place("app: loud", ""))).containsExactly("b", "b");
        nodes.removeLast();
        assertThat(place("app: loud", ""))
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.");
        placements.left("u1");
        assertThat(place("app: loud", "")).isEqualTo("a");
    }

    @Test
    void podsThatAttractGoTogether() {
        node("a", "zone: east", "");
        node("b", "zone: west", "");
        node("c", "zone: west", "");
        String attracts =
                "affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: zone,"
                        + " labelSelector: {matchLabels: {app: db}}}]}}";
        assertThat(place("app: web", attracts))
                .isEqualTo("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.");
        place("app: db", "nodeSelector: {kubernetes.io/hostname: b}");
        assertThat(List.of(place("app: web", attracts), place("app: web", attracts)))
                .containsExactly("c", "b");
        placements.left("u2");
        assertThat(place("app: db", attracts)).as("the first of its kind").isEqualTo("a");
    }

    @Test
    void namespacesAreSelectedByTheirLabels() {
        nodes("a", "b");
        place("blue", "app: db", "");
        String repels = "affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey:"
                + " kubernetes.io/hostname, labelSelector: {}, namespaceSelector: {matchLabels: {team: blue}}}]}}";
        assertThat(List.of(place("red", "", repels), place("red", "", repels))).containsExactly("b", "b");
    }

    @Test
    void aSpreadKeepsTheDifferenceSmall() {
        node("a", "zone: east", "");
        node("b", "zone: west", "");
        String spread = "topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: DoNotSchedule,"
                + " labelSelector: {matchLabels: {app: web}}}]";
        place("app: web", "nodeSelector: {zone: east}");
        assertThat(List.of(place("app: web", spread), place("app: web", spread), place("app: web", spread)))
                .containsExactly("b", "a", "b");
        nodes.set(1, new SchedulableNode("b", Map.of("zone", "west"), List.of(), true, null));
        assertThat(place("app: web", spread)).isEqualTo("a");
        assertThat(place("app: web", spread))
                .isEqualTo("0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints,"
                        + " 1 node(s) were unschedulable.");
    }

    @Test
    void whoAsksForMoreMemoryThanANodeHasWaits() {
        nodes.add(SchedulableNode.of(
                read("{metadata: {name: small}, spec: {}, status: {allocatable: {memory: 4Gi}}}", Node.class)));

        assertThat(place("", "containers: [{name: a, resources: {requests: {memory: 100000Gi}}}]"))
                .isEqualTo("0/1 nodes are available: 1 Insufficient memory.");
        assertThat(place(
                        "", "initContainers: [{name: i, resources: {limits: {memory: 5Gi}}}], containers: [{name: a}]"))
                .contains("Insufficient memory");
        assertThat(place("", "containers: [{name: a, resources: {requests: {memory: 3Gi}}}, {name: b}]"))
                .isEqualTo("small");
    }
}
