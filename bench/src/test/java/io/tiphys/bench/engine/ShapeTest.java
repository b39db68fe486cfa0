package io.tiphys.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured must be a workflow that succeeds, with about as many nodes as are asked for. */
class ShapeTest {
    private static final int NODES = 100;

    @ParameterizedTest
    @EnumSource
    void eachShapeRunsToItsEnd(Shape shape) {
        var drive = new Drive(shape.ofNodes(NODES));
        drive.go();
        assertThat(drive.run().nodeCount()).isBetween(NODES - 10, NODES + 10);
        assertThat(drive.events()).isGreaterThan(NODES / 2);
    }
}
