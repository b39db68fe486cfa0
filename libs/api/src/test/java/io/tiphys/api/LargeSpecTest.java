package io.tiphys.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class LargeSpecTest {

    private static ObjectNode spec(int tasks) {
        ObjectNode spec =
                ApiJson.mapper().createObjectNode().put("entrypoint", "main").put("onExit", "bye");
        spec.put("activeDeadlineSeconds", 60);
        ObjectNode dag =
                spec.putArray("templates").addObject().put("name", "main").putObject("dag");
        ArrayNode all = dag.putArray("tasks");
        for (int i = 0; i < tasks; i++) {
            all.addObject().put("name", "task-" + i).put("template", "work");
        }
        spec.putObject("arguments")
                .putArray("parameters")
                .addObject()
                .put("name", "p")
                .put("value", "v".repeat(20_000));
        return spec;
    }

    @Test
    void anOutlineIsASmallValidWorkflowAndGivesTheWholeBack() {
        ObjectNode spec = spec(20_000);
        LargeSpec large = LargeSpec.of(spec);

        assertThat(large.outline().toString().length()).isLessThan(1000);
        assertThat(large.outline().path("entrypoint").asText()).isEqualTo("main");
        assertThat(large.outline().path("templates").toString())
                .isEqualTo("[{\"name\":\"main\",\"suspend\":{}},{\"name\":\"bye\",\"suspend\":{}}]");
        JsonNode stored =
                PackedJson.unpack(large.packed().hash(), large.packed().bytes());
        assertThat(LargeSpec.whole((ObjectNode) stored, large.outline())).isEqualTo(spec);
    }

    @Test
    void whatIsEditedInTheOutlineCountsAndItsTemplatesDoNot() {
        ObjectNode spec = spec(10).put("suspend", true);
        ObjectNode outline = LargeSpec.of(spec).outline();
        outline.remove("suspend");
        outline.put("shutdown", "Stop").put("activeDeadlineSeconds", 5);
        outline.putArray("templates");

        ObjectNode whole = LargeSpec.whole(spec, outline);

        ObjectNode expected = spec.deepCopy();
        expected.remove("suspend");
        expected.put("shutdown", "Stop").put("activeDeadlineSeconds", 5);
        assertThat(whole).isEqualTo(expected);
    }

    @Test
    void aReferenceToATemplateNeedsNoTemplatesOfItsOwn() {
        ObjectNode spec = spec(10);
        spec.remove("templates");
        spec.putObject("workflowTemplateRef").put("name", "t");

        assertThat(LargeSpec.of(spec).outline().has("templates")).isFalse();
    }

    @Test
    void whatIsNotWhatTheHashSaysIsRefused() {
        PackedJson one = PackedJson.of(spec(1));
        PackedJson other = PackedJson.of(spec(2));

        assertThatThrownBy(() -> PackedJson.unpack(one.hash(), other.bytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sha256:" + one.hash())
                .hasMessageContaining(other.hash());
        assertThatThrownBy(() -> PackedJson.unpack(one.hash(), new byte[] {1, 2, 3}))
                .hasMessageContaining("not gzip");
        assertThat(PackedJson.hashIn("sha256:../../etc")).isEmpty();
        assertThat(PackedJson.hashIn(one.reference())).contains(one.hash());
    }
}
