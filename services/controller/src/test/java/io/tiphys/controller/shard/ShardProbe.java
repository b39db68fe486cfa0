package io.tiphys.controller.shard;

import io.tiphys.engine.Node;
import io.tiphys.engine.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** The nodes whose pods were ordered and aren't known to be there yet, as {@code id/seq}. */
    public static List<String> orderedPods(Shard shard) {
        List<String> ordered = new ArrayList<>();
        shard.workflows().values().forEach(driver -> {
            Active active = driver.active();
            if (active != null) {
                for (String id : driver.wantedPods()) {
                    Node node = active.run().node(id);
                    if (node != null) {
                        ordered.add(id + "/" + node.seq());
                    }
                }
            }
        });
        return ordered;
    }
}
