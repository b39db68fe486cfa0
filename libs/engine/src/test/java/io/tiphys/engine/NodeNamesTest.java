package io.tiphys.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeNamesTest {
    @Test
    void hashIsFnv1aOver32Bits() {
        assertThat(NodeNames.hash("")).isEqualTo(0x811c9dc5);
        assertThat(NodeNames.hash("a")).isEqualTo(0xe40c292c);
        assertThat(NodeNames.hash("foobar")).isEqualTo(0xbf9cf968);
    }

    @Test
    void hashGoesOnWhereTheParentsEnded() {
        assertThat(NodeNames.hash(NodeNames.hash("wf"), "[0].ä𝄞")).isEqualTo(NodeNames.hash("wf[0].ä𝄞"));
    }

    @Test
    void podNamesCarryTemplateAndHash() {
        assertThat(NodeNames.pod("wf", "tmpl", 5)).isEqualTo("wf-tmpl-5");
        assertThat(NodeNames.pod("wf", "", -1)).isEqualTo("wf-4294967295");
    }

    @Test
    void longPodNamesAreCutBeforeTheHash() {
        String name = NodeNames.pod("w".repeat(200), "t".repeat(100), -1);
        assertThat(name).hasSize(253).endsWith("-4294967295");
    }
}
