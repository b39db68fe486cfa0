package io.tiphys.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.testkit.Taken;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Comes last: what of the engine's transitions have all the others left out? */
@Order(Integer.MAX_VALUE)
class CompletenessTest {

    @BeforeAll
    static void onlyAfterAllOthers() {
        Assumptions.assumeTrue(System.getProperty("test") == null, "only some tests were asked for");
    }

    @Test
    void everyDeclaredTransitionWasTaken() {
        Set<String> untaken = Taken.declared();
        untaken.removeAll(Taken.soFar());
        assertThat(untaken).as("declared transitions that no scenario takes").isEmpty();
        Set<String> undeclared = Taken.soFar();
        undeclared.removeAll(Taken.declared());
        assertThat(undeclared).as("transitions that aren't declared").isEmpty();
    }
}
