package io.tiphys.testkit.simulator;

import io.tiphys.api.Outputs;
import io.tiphys.engine.Command;
import io.tiphys.engine.Input;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The ConfigMaps that memoized outputs are kept in; some can't be read. */
final class SimulatedCaches {
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private record Entry(Instant createdAt, @Nullable Outputs outputs) {}

    private final VirtualTime time;
    private final Dice dice;
    private final Consumer<Input> engine;
    private final Map<String, Entry> entries = new HashMap<>();

    SimulatedCaches(VirtualTime time, Dice dice, Consumer<Input> engine) {
        this.time = time;
        this.dice = dice;
        this.engine = engine;
    }

    void lookUp(Command.LookUpCache asked) {
        time.after(dice.upTo(LONGEST), () -> {
            Entry entry = entries.get(asked.cacheName() + "/" + asked.key());
            engine.accept(new Input.CacheLookedUp(
                    asked.nodeId(),
                    asked.key(),
                    entry == null ? null : entry.createdAt(),
                    entry == null ? null : entry.outputs(),
                    dice.oneIn(20) ? "the cache can't be read" : null,
                    time.now()));
        });
    }

    void save(Command.SaveCache save) {
        entries.put(save.cacheName() + "/" + save.key(), new Entry(time.now(), save.outputs()));
        time.after(dice.upTo(LONGEST), () -> engine.accept(new Input.CacheSaved(save.nodeId(), time.now())));
    }
}
