package io.tiphys.local.system;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * A process that belongs to an instance.
 *
 * @param environment added to, or replacing parts of, this process' own
 * @param ready asked again and again while it runs; may block for a few seconds
 */
record ProcessSpec(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path log,
        BooleanSupplier ready,
        StopSignal stopSignal) {
    /** What asks it to end in order. */
    enum StopSignal {
        TERMINATE,
        INTERRUPT
    }

    ProcessSpec {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }
}
