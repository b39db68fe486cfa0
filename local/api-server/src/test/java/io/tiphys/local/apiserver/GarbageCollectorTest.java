package io.tiphys.local.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GarbageCollectorTest {
    private final CountDownLatch told = new CountDownLatch(1);
    private Store store;
    private ResourceType type;
    private GarbageCollector collector;

    @BeforeEach
    void start() throws Exception {
        Journal journal = new Journal(null);
        journal.open();
        ResourceTypes types = new ResourceTypes();
        store = new Store(journal, 100, 1);
        type = Objects.requireNonNull(types.find("v1", "configmaps"));
        collector = new GarbageCollector(store, types, new Resources(store, types, new Quotas(store, types)));
        store.addIndex(collector::index);
        store.onChange(change -> {
            if (change.object().name().equals("owner")) {
                awaitTold();
            }
        });
        store.onChange(collector::observe);
        collector.start();
    }

    private void awaitTold() {
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void stop() {
        told.countDown();
        collector.close();
        store.close();
    }

    private void create(String name, String ownerUid) {
        ObjectNode object = Json.object();
        ObjectNode metadata =
                object.put("apiVersion", "v1").put("kind", "ConfigMap").putObject("metadata");
        metadata.put("name", name).put("namespace", "default").put("uid", "uid-of-" + name);
        if (!ownerUid.isEmpty()) {
            metadata.putArray("ownerReferences").addObject().put("uid", ownerUid);
        }
        store.create(type, object);
    }

    private boolean isThere(String name) {
        return store.find(type, "default", name) != null;
    }

    /** Whoever creates the owner may be slower than those who have seen it: it is there for them, and what they make of it stays. */
    @Test
    void whatIsMadeOfAnObjectAsSoonAsItIsSeenStays() throws InterruptedException {
        Thread creator = Thread.ofVirtual().start(() -> create("owner", ""));
        await().until(() -> isThere("owner"));
        create("owned", "uid-of-owner");
        create("abandoned", "uid-of-nobody");
        await().until(() -> !isThere("abandoned")); // the collector takes one after the other
        assertThat(isThere("owned")).isTrue();

        told.countDown();
        creator.join();
    }

    @Test
    void whatDependsOnAnObjectThatIsDeletedGoes() {
        told.countDown();
        create("owner", "");
        create("owned", "uid-of-owner");
        store.change(type, "default", "owner", Outcome.Remove::new);
        await().until(() -> !isThere("owned"));
    }
}
