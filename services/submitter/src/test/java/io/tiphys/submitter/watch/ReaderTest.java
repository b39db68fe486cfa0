package io.tiphys.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tiphys.submitter.workflow.WorkflowTree;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReaderTest {
    private final Reader reader = new Reader(_ -> {}, () -> {});

    @Test
    void aSlowReaderFindsTheNewestStateOfEachWorkflowOnly() throws InterruptedException {
        for (int version = 1; version <= 10_000; version++) {
            reader.offer(change(version == 1 ? Change.Type.ADDED : Change.Type.MODIFIED, "a", version));
        }
        reader.offer(change(Change.Type.MODIFIED, "b", 5));
        reader.offer(change(Change.Type.DELETED, "b", 6));

        assertThat(next()).isEqualTo("ADDED a 10000");
        assertThat(next()).isEqualTo("DELETED b 6");
        assertThat(next()).isEqualTo("nothing");
    }

    @Test
    void endsForGood() throws InterruptedException {
        reader.offer(change(Change.Type.ADDED, "a", 1));
        reader.close();
        assertThat(reader.isEnded()).isTrue();
        assertThat(next()).isEqualTo("ADDED a 1");
        assertThat(reader.next(Duration.ofMinutes(5))).isNull();
    }

    private String next() throws InterruptedException {
        @Nullable Change change = reader.next(Duration.ZERO);
        return change == null
                ? "nothing"
                : change.type() + " " + change.workflow().uid() + " "
                        + change.workflow().resourceVersion();
    }

    private static Change change(Change.Type type, String uid, int version) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putObject("metadata").put("uid", uid).put("resourceVersion", Integer.toString(version));
        return new Change(type, new WorkflowTree(json));
    }
}
