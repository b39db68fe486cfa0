package io.tiphys.local.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who gets a place on the node, and when. */
class PodQueueTest {
    private final List<PodQueue.Place> admitted = new ArrayList<>();
    private final PodQueue queue = new PodQueue(new PodQueue.Limits(5, 3, 2, 4), admitted::add);

    @Test
    void onlySoManyStartAtOnceAndOnlySoManyRun() {
        for (int i = 0; i < 5; i++) {
            queue.offer(staged("s" + i, 0));
        }
        assertThat(names()).containsExactly("s0", "s1");
        admitted.get(0).started();
        assertThat(names()).containsExactly("s0", "s1", "s2");
        admitted.get(1).started();
        admitted.get(2).started();
        assertThat(names()).as("three run, none starts").containsExactly("s0", "s1", "s2");
        admitted.get(0).leave();
        admitted.get(0).leave();
        assertThat(names()).containsExactly("s0", "s1", "s2", "s3");
    }

    @Test
    void aPodThatHasToWaitHoldsUpNoneOfTheOtherKind() {
        for (int i = 0; i < 3; i++) {
            queue.offer(staged("s" + i, 0));
        }
        queue.offer(lean("l0", 0));
        queue.offer(lean("l1", 0));
        assertThat(names()).containsExactly("s0", "s1", "l0", "l1");
    }

    @Test
    void priorityComesBeforeArrivalAndWhoIsGoneGetsNoPlace() {
        for (int i = 0; i < 4; i++) {
            queue.offer(lean("l" + i, 0));
        }
        queue.offer(lean("late", 0));
        queue.offer(lean("gone", 9));
        queue.offer(lean("urgent", 5));
        queue.forget("gone");
        admitted.get(0).leave();
        assertThat(names()).containsExactly("l0", "l1", "l2", "l3", "urgent");
    }

    private List<String> names() {
        return admitted.stream()
                .map(place -> place.pod().getMetadata().getName())
                .toList();
    }

    private static Pod lean(String name, int priority) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid(name)
                .endMetadata()
                .withNewSpec()
                .withPriority(priority)
                .endSpec()
                .build();
    }

    private static Pod staged(String name, int priority) {
        return new PodBuilder(lean(name, priority))
                .editSpec()
                .addNewInitContainer()
                .withName("executor")
                .withRestartPolicy("Always")
                .endInitContainer()
                .endSpec()
                .build();
    }
}
