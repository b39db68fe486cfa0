package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * ResourceQuotas: refuses what would use more of a namespace than it may, and keeps their status. Of a namespace without one nothing is
 * known here, and nothing is held up.
 */
final class Quotas implements AutoCloseable {
    private static final String COUNTED_ALWAYS = "count/";

    private final Store store;
    private final ResourceTypes types;
    private final Map<String, Namespace> namespaces = new ConcurrentHashMap<>();
    private final LinkedBlockingQueue<String> changed = new LinkedBlockingQueue<>();
    private final Thread worker = Thread.ofVirtual().name("api-server-quotas").unstarted(this::work);

    /** What is used in a namespace that has quotas, by the object's key within its type. */
    private static final class Namespace {
        private final ReentrantLock lock = new ReentrantLock();
        private final Map<String, QuotaUsage> used = new ConcurrentHashMap<>();
    }

    Quotas(Store store, ResourceTypes types) {
        this.store = store;
        this.types = types;
    }

    /** Takes stock of what was recovered from disk, and starts. */
    void start() {
        store.objects(types.quotas()).all().forEach(quota -> changed.add(quota.namespace()));
        worker.start();
    }

    private List<StoredObject> quotas(String namespace) {
        return List.copyOf(store.objects(types.quotas()).after(namespace, null));
    }

    /** Follows changes. */
    void observe(Change change) {
        StoredObject object = change.object();
        if (object.namespace().isEmpty()) {
            return;
        }
        if (object.type().is("", "resourcequotas")) {
            changed.add(object.namespace());
        }
        Namespace namespace = namespaces.get(object.namespace());
        if (namespace == null) {
            return;
        }
        QuotaUsage before = change.kind() == Change.Kind.DELETED
                ? namespace.used.remove(key(object))
                : namespace.used.put(key(object), usage(object));
        if (change.kind() == Change.Kind.DELETED || !usage(object).equals(before)) {
            changed.add(object.namespace());
        }
    }

    private static String key(StoredObject object) {
        return object.type().qualifiedPlural() + " " + object.name();
    }

    /** Of what is there already, nonsense counts for nothing. */
    private static QuotaUsage usage(StoredObject object) {
        try {
            return QuotaUsage.of(object.type(), object.toNode());
        } catch (ApiException e) {
            return QuotaUsage.NONE;
        }
    }

    /** Creates an object unless a quota is against it. */
    StoredObject within(ResourceType type, String namespace, ObjectNode object, Supplier<StoredObject> creation) {
        if (namespace.isEmpty() || quotas(namespace).isEmpty()) {
            return creation.get();
        }
        Namespace known = known(namespace);
        known.lock.lock();
        try {
            check(type, object, quotas(namespace), known);
            StoredObject created = creation.get();
            known.used.put(key(created), usage(created));
            return created;
        } finally {
            known.lock.unlock();
        }
    }

    private Namespace known(String name) {
        return namespaces.computeIfAbsent(name, _ -> {
            Namespace namespace = new Namespace();
            types.all().stream()
                    .filter(ResourceType::namespaced)
                    .flatMap(type -> store.objects(type).after(name, null).stream())
                    .forEach(object -> namespace.used.put(key(object), usage(object)));
            return namespace;
        });
    }

    private static void check(ResourceType type, ObjectNode object, List<StoredObject> quotas, Namespace known) {
        QuotaUsage wanted = QuotaUsage.of(type, object);
        String name = Json.text("", object, "metadata", "name");
        for (StoredObject each : quotas) {
            JsonNode quota = each.toNode();
            Map<String, Amount> hard = hard(quota);
            if (!QuotaScopes.include(quota, type, wanted)) {
                continue;
            }
            if (type.isPod()) {
                String open = hard.keySet().stream()
                        .filter(wanted.unsaid()::containsKey)
                        .map(resource -> resource + " for: " + wanted.unsaid().get(resource))
                        .collect(Collectors.joining("; "));
                if (!open.isEmpty()) {
                    throw forbidden(type, name, "failed quota: " + each.name() + ": must specify " + open);
                }
            }
            Map<String, Amount> used = used(quota, hard, known);
            List<String> exceeded = hard.keySet().stream()
                    .filter(wanted.amounts()::containsKey)
                    .filter(resource -> of(used, resource)
                            .plus(of(wanted.amounts(), resource))
                            .exceeds(of(hard, resource)))
                    .toList();
            if (!exceeded.isEmpty()) {
                throw forbidden(
                        type,
                        name,
                        "exceeded quota: " + each.name() + ", requested: " + text(exceeded, wanted.amounts())
                                + ", used: " + text(exceeded, used) + ", limited: " + text(exceeded, hard));
            }
        }
    }

    private static ApiException forbidden(ResourceType type, String name, String why) {
        return new ApiException(403, "Forbidden", type.qualifiedPlural() + " \"" + name + "\" is forbidden: " + why);
    }

    private static Amount of(Map<String, Amount> amounts, String resource) {
        return amounts.getOrDefault(resource, Amount.ZERO);
    }

    private static String text(List<String> resources, Map<String, Amount> amounts) {
        return resources.stream()
                .map(resource -> resource + "=" + amounts.get(resource))
                .collect(Collectors.joining(","));
    }

    private static Map<String, Amount> hard(JsonNode quota) {
        Map<String, Amount> hard = new TreeMap<>();
        quota.path("spec")
                .path("hard")
                .properties()
                .forEach(entry ->
                        hard.put(entry.getKey(), Amount.parse(entry.getValue().asText())));
        return hard;
    }

    private static Map<String, Amount> used(JsonNode quota, Map<String, Amount> hard, Namespace known) {
        Map<String, Amount> used = new TreeMap<>();
        hard.forEach((resource, limit) -> used.put(resource, new Amount(Amount.ZERO.value(), limit.binary())));
        known.used.forEach((key, usage) -> {
            boolean isPod = key.startsWith("pods ");
            if (QuotaScopes.include(quota, isPod, usage)) {
                hard.keySet().stream()
                        .filter(usage.amounts()::containsKey)
                        .filter(resource -> isPod || resource.startsWith(COUNTED_ALWAYS) || !resource.equals("pods"))
                        .forEach(resource -> used.merge(resource, of(usage.amounts(), resource), Amount::plus));
            }
        });
        return used;
    }

    private void work() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                String namespace = changed.take();
                changed.removeIf(namespace::equals);
                writeStatus(namespace);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeStatus(String name) {
        List<StoredObject> quotas = quotas(name);
        if (quotas.isEmpty()) {
            namespaces.remove(name);
            return;
        }
        Namespace known = known(name);
        for (StoredObject each : quotas) {
            try {
                store.change(types.quotas(), name, each.name(), quota -> {
                    Map<String, Amount> hard = hard(quota);
                    ObjectNode status = Json.object();
                    status.set("hard", quota.path("spec").path("hard").deepCopy());
                    ObjectNode used = status.putObject("used");
                    used(quota, hard, known).forEach((resource, amount) -> used.put(resource, amount.toString()));
                    quota.set("status", status);
                    return new Outcome.Replace(quota);
                });
            } catch (ApiException e) {
                if (e.code() != 404) {
                    System.getLogger(Quotas.class.getName())
                            .log(System.Logger.Level.WARNING, "the status of quota " + each.name() + " is old", e);
                }
            }
        }
    }

    @Override
    public void close() {
        worker.interrupt();
    }
}
