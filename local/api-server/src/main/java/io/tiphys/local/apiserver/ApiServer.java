package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A Kubernetes API server in this JVM, over plain HTTP, where everybody is admin. Ready when {@link #start} returns; safe
 * for any number of clients and threads.
 */
public final class ApiServer implements AutoCloseable {
    static {
        // Without it small answers wait for the client's delayed ACK: 40 ms per request.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        // Clients keep idle connections for a minute or less (Vert.x 60 s, the JDK's client 30 s). A server that closes
        // them
        // earlier, as the JDK's does after 30 s or beyond 200 of them, meets requests that are just being sent.
        System.setProperty("sun.net.httpserver.idleInterval", "300");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
    }

    private final HttpServer http;
    private final ExecutorService threads;
    private final Store store;
    private final GarbageCollector collector;
    private final EventExpiry expiry;
    private final Quotas quotas;
    private final PodLogs logs;
    private final String url;

    private ApiServer(ApiServerConfig config, HttpServer http, Journal journal) throws IOException {
        this.http = http;
        Journal.Recovered recovered = journal.open();
        ResourceTypes types = new ResourceTypes();
        store = new Store(journal, config.historyLength(), recovered.revision());
        journal.snapshotsFrom(store::forEach);
        restore(recovered, types);

        quotas = new Quotas(store, types);
        Resources resources = new Resources(store, types, quotas);
        Bootstrap bootstrap = new Bootstrap(store, types, resources);
        collector = new GarbageCollector(store, types, resources);
        expiry = new EventExpiry(store, types, resources);
        store.onChange(bootstrap::observe);
        bootstrap.run();
        store.addIndex(collector::index);
        store.onChange(collector::observe);
        store.onChange(quotas::observe);
        collector.start();
        quotas.start();
        expiry.start();

        logs = new PodLogs(store, types);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        http.setExecutor(threads);
        http.createContext("/", new ApiHandler(config, types, new ObjectEndpoint(store, resources, logs)));
        http.start();
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        url = "http://" + host + ":" + http.getAddress().getPort();
    }

    /**
     * Starts a server with what its state directory holds.
     *
     * @throws IOException when the port is taken, or the state directory cannot be read or is used by another server
     */
    public static ApiServer start(ApiServerConfig config) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(config.host(), config.port()), 1024);
        Journal journal = new Journal(config.stateDirectory());
        try {
            return new ApiServer(config, http, journal);
        } catch (IOException | RuntimeException e) {
            http.stop(0);
            journal.close();
            throw e;
        }
    }

    /** Puts recovered objects in place: definitions of types first, as the rest needs them. */
    private void restore(Journal.Recovered recovered, ResourceTypes types) {
        ResourceType definitions = types.definitions();
        recovered
                .objects()
                .getOrDefault(definitions.qualifiedPlural(), Map.of())
                .values()
                .forEach(json -> types.define(Json.decode(json)));
        recovered.objects().forEach((qualifiedPlural, objects) -> {
            ResourceType type = types.findQualified(qualifiedPlural);
            if (type != null) {
                TypeStore target = store.objects(type);
                for (byte[] json : objects.values()) {
                    ObjectNode object = Json.decode(json);
                    target.restore(new StoredObject(type, object, json));
                }
            }
        });
    }

    /** The base URL, such as {@code http://127.0.0.1:40123}. */
    public String url() {
        return url;
    }

    /** A kubeconfig for this server as YAML, with the given default namespace. */
    public String kubeconfig(String namespace) {
        return kubeconfig(url, namespace);
    }

    /** A kubeconfig for a server at a URL, which need not have been started yet. */
    public static String kubeconfig(String url, String namespace) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: tiphys
                    cluster: {server: "%s"}
                users:
                  - name: tiphys
                    user: {}
                contexts:
                  - name: tiphys
                    context: {cluster: tiphys, user: tiphys, namespace: %s}
                current-context: tiphys
                """.formatted(url, namespace);
    }

    @Override
    public void close() {
        store.close();
        collector.close();
        quotas.close();
        expiry.close();
        http.stop(0);
        threads.shutdownNow();
        logs.close();
    }
}
