package io.tiphys.local.system;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The ports of all parts of an instance. */
final class Ports {
    private final Map<String, Integer> byPart = new LinkedHashMap<>();

    private Ports() {}

    /** The door is where the user wants it, the rest where it was last time or anywhere. */
    static Ports choose(Settings settings, int doorPort, int controllers) throws IOException {
        Ports ports = new Ports();
        ports.byPart.put("submitter", doorPort);
        for (String part : new String[] {
            "kubernetes", "kafka", "kafka-controller", "postgres", "oss", "uploader", "artifact-gc", "archive"
        }) {
            ports.byPart.put(part, settings.port(part));
        }
        for (String replica : Services.replicas(Services.CONTROLLER, controllers)) {
            ports.byPart.put(replica, settings.port(replica));
        }
        return ports;
    }

    int of(String part) {
        Integer port = byPart.get(part);
        if (port == null) {
            throw new IllegalArgumentException("no port was chosen for " + part);
        }
        return port;
    }

    String url(String part) {
        return "http://127.0.0.1:" + of(part);
    }
}
