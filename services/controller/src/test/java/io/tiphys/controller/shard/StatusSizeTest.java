package io.tiphys.controller.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.tiphys.api.ApiJson;
import io.tiphys.api.CompressedNodes;
import io.tiphys.api.NodePhase;
import io.tiphys.api.NodeStatus;
import io.tiphys.api.Workflow;
import io.tiphys.api.WorkflowPhase;
import io.tiphys.api.WorkflowSpec;
import io.tiphys.api.WorkflowStatus;
import io.tiphys.controller.shard.StatusSize.Fitted;
import io.tiphys.controller.shard.StatusSize.Form;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class StatusSizeTest {
    private static final int ROOM = 1024 * 1024;

    /** Nodes with messages of this many random digits: they pack to about half of it. */
    private static WorkflowStatus status(int nodes, int messageLength) {
        RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
        Map<String, NodeStatus> all = new LinkedHashMap<>();
        for (int i = 0; i < nodes; i++) {
            StringBuilder message = new StringBuilder();
            while (message.length() < messageLength) {
                message.append(Integer.toHexString(random.nextInt()));
            }
            String id = "wf-" + i;
            all.put(
                    id,
                    ApiJson.mapper()
                            .convertValue(Map.of("id", id, "name", id, "message", message), NodeStatus.class)
                            .withPhase(NodePhase.RUNNING));
        }
        return WorkflowStatus.NONE
                .withPhase(WorkflowPhase.RUNNING)
                .withProgress("1/2")
                .withNodes(all);
    }

    @Test
    void nodesThatAreFarTooManyAreNotEvenTried() {
        assertThat(isOutOfReach(status(10_000, 600))).isTrue();
        assertThat(isOutOfReach(status(10_000, 100))).isFalse();
        assertThat(isOutOfReach(status(5_000, 1_200))).as("few enough to try").isFalse();
    }

    private static boolean isOutOfReach(WorkflowStatus status) {
        return StatusSize.isOutOfReach(List.copyOf(status.nodes().values()), Function.identity(), ROOM);
    }

    @Test
    void nodesAreInlineWhileTheyFitThenPackedThenElsewhere() {
        assertThat(StatusSize.fitted(status(1000, 100), ROOM, Form.INLINE).form())
                .isEqualTo(Form.INLINE);

        WorkflowStatus many = status(10_000, 100);
        Fitted packed = StatusSize.fitted(many, ROOM, Form.INLINE);
        assertThat(packed.form()).isEqualTo(Form.PACKED);
        assertThat(packed.status().nodes()).isEmpty();
        assertThat(CompressedNodes.inline(packed.status()).nodes()).isEqualTo(many.nodes());

        Fitted elsewhere = StatusSize.fitted(status(10_000, 600), ROOM, Form.INLINE);
        assertThat(elsewhere.form()).isEqualTo(Form.OFFLOADED);
        assertThat(elsewhere.status().offloadNodeStatusVersion()).startsWith("fnv:");
        assertThat(elsewhere.status().phase()).isEqualTo(WorkflowPhase.RUNNING);
    }

    @Test
    void aLargeSpecLeavesLessRoom() {
        WorkflowSpec small = ApiJson.mapper().convertValue(Map.of("entrypoint", "main"), WorkflowSpec.class);
        WorkflowSpec large = ApiJson.mapper()
                .convertValue(
                        Map.of("entrypoint", "main", "serviceAccountName", "x".repeat(1300 * 1024)),
                        WorkflowSpec.class);
        Workflow workflow = new Workflow(new ObjectMetaBuilder().withName("w").build(), small, WorkflowStatus.NONE);

        assertThat(StatusSize.room(workflow)).isEqualTo(ROOM);
        int left = StatusSize.room(workflow.withSpec(large));
        assertThat(left).isBetween(1, 100 * 1024);
        assertThat(StatusSize.fitted(status(10_000, 100), left, Form.INLINE).form())
                .isEqualTo(Form.OFFLOADED);
    }

    @Test
    void whatWasRefusedIsMadeSmallerStepByStepDownToThePhase() {
        WorkflowStatus few = status(10, 100).withMessage("why");

        assertThat(StatusSize.fitted(few, ROOM, Form.PACKED).form()).isEqualTo(Form.PACKED);
        assertThat(StatusSize.fitted(few, ROOM, Form.OFFLOADED).status().nodes())
                .isEmpty();
        WorkflowStatus bare = StatusSize.fitted(few, ROOM, Form.BARE).status();
        assertThat(bare.phase()).isEqualTo(WorkflowPhase.RUNNING);
        assertThat(bare.message()).isEqualTo("why");
        assertThat(bare.offloadNodeStatusVersion()).isNotNull();
        assertThat(Form.INLINE.next().next().next()).isEqualTo(Form.BARE);
        assertThat(Form.BARE.next()).isEqualTo(Form.BARE);
    }
}
