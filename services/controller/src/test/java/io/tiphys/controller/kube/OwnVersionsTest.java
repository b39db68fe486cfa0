package io.tiphys.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OwnVersionsTest {
    private final OwnVersions versions = new OwnVersions();

    @Test
    void theLaterOneCounts() {
        versions.wrote("a", "100");
        assertThat(versions.latest("a", "99")).isEqualTo("100");
        assertThat(versions.latest("a", "101")).isEqualTo("101");
        assertThat(versions.latest("b", "99")).isEqualTo("99");
    }

    @Test
    void versionsThatAreNoNumbersAreTheServersBusiness() {
        versions.wrote("a", "x2");
        assertThat(versions.latest("a", "x1")).isEqualTo("x1");
    }

    @Test
    void onlySoManyAreRemembered() {
        for (int i = 0; i < 20_000; i++) {
            versions.wrote("uid-" + i, "7");
        }
        assertThat(versions.latest("uid-0", "1")).isEqualTo("1");
        assertThat(versions.latest("uid-19999", "1")).isEqualTo("7");
    }
}
