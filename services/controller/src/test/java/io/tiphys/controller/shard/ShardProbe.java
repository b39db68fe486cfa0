package io.tiphys.controller.shard;

import io.tiphys.engine.Run;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What a shard has in memory, for those who compare it with what it wrote down. */
public final class ShardProbe {
    private ShardProbe() {}

    /** A lease by a clock of one's own. */
    public static Lease lease(Duration validFor, LongSupplier nanoClock) {
        return new Lease(validFor, nanoClock);
    }

    /** Runs of the workflows that were taken up, by uid. */
    public static Map<String, Run> runs(Shard shard) {
        Map<String, Run> runs = new LinkedHashMap<>();
        shard.workflows().forEach((uid, driver) -> {
            Active active = driver.active();
            if (active != null) {
                runs.put(uid, active.run());
            }
        });
        return runs;
    }
}
