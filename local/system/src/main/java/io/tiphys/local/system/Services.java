package io.tiphys.local.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tiphys.local.node.image.ImageCatalog;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The five services as processes: the jars that also run in production, small heaps, settings by environment. */
final class Services {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final List<String> NAMES = List.of("submitter", "controller", "uploader", "artifact-gc", "archive");
    static final String CONTROLLER = "controller";
    /** Those that read Argo's controller ConfigMap. */
    static final Set<String> CONFIGURED = Set.of(CONTROLLER, "submitter", "uploader", "artifact-gc");

    static final String BUCKET = "tiphys";
    static final String ACCESS_KEY_ID = "tiphys-local";

    private static final int HEALTH_TIMEOUT_MILLIS = 3000;

    private final Home home;
    private final Path root;
    private final Ports ports;
    private final Settings settings;
    private final Path kubeconfig;
    private final Optional<Path> argoConfig;

    /**
     * The services of an instance.
     *
     * @param argoConfig where {@link ArgoConfigMap} puts what it finds; empty where there is none
     */
    Services(Home home, Path root, Ports ports, Settings settings, Path kubeconfig, Optional<Path> argoConfig) {
        this.kubeconfig = kubeconfig;
        this.argoConfig = argoConfig;
        this.home = home;
        this.root = root;
        this.ports = ports;
        this.settings = settings;
    }

    private static Path jar(Path root, String service) {
        return root.resolve("services").resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
    }

    /** The services that aren't built. */
    static List<String> missing(Path root) {
        return NAMES.stream().filter(name -> !Files.exists(jar(root, name))).toList();
    }

    /** The replicas of a service: parts with names of their own, the first named as the service is. */
    static List<String> replicas(String service, int controllers) {
        return service.equals(CONTROLLER)
                ? IntStream.rangeClosed(1, controllers)
                        .mapToObj(number -> number == 1 ? service : service + "-" + number)
                        .toList()
                : List.of(service);
    }

    /** Whether a part is a replica of one of these services. */
    static boolean isReplicaOf(String part, Set<String> services) {
        return services.stream().anyMatch(service -> part.equals(service) || part.matches(service + "-\\d+"));
    }

    /** One for each replica of each service that isn't left out. */
    List<ProcessSpec> specs(Set<String> without, int controllers) {
        return NAMES.stream()
                .filter(name -> !without.contains(name))
                .flatMap(name -> replicas(name, controllers).stream().map(replica -> spec(name, replica)))
                .toList();
    }

    private ProcessSpec spec(String name, String replica) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                // what runs long and hot pays for the better compiler, the others start and idle
                "-XX:TieredStopAtLevel=" + (name.equals(CONTROLLER) ? "4" : "1"),
                "-Xmx" + (name.equals(CONTROLLER) ? "384m" : "192m"),
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dinstance.home=" + home.directory()));
        command.addAll(javaOptions(name));
        command.addAll(List.of("-jar", jar(root, name).toString()));
        String url = ports.url(replica) + "/q/health/ready";
        return new ProcessSpec(
                replica,
                command,
                environment(replica),
                home.log(replica),
                () -> answers(url),
                ProcessSpec.StopSignal.TERMINATE);
    }

    /** What the environment variable {@code TIPHYS_<SERVICE>_JAVA_OPTIONS} adds to or changes in our own options. */
    private static List<String> javaOptions(String name) {
        String variable = "TIPHYS_" + name.toUpperCase(Locale.ROOT).replace('-', '_') + "_JAVA_OPTIONS";
        return Stream.of(System.getenv().getOrDefault(variable, "").split("\\s+", -1))
                .filter(option -> !option.isEmpty())
                .toList();
    }

    private Map<String, String> environment(String replica) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", Integer.toString(ports.of(replica)));
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + ports.of("kafka"));
        environment.put("KUBECONFIG", kubeconfig.toString());
        environment.put("TIPHYS_POSTGRES_URL", postgresUrl());
        environment.put("TIPHYS_POSTGRES_USER", Postgres.USER);
        environment.put("TIPHYS_POSTGRES_PASSWORD", settings.secret("postgres"));
        environment.put("TIPHYS_CAPABILITY_KEY_FILE", home.capabilityKey().toString());
        environment.put("TIPHYS_UPLOADER_URL", ports.url("uploader"));
        environment.put("TIPHYS_ARCHIVE_URL", ports.url("archive"));
        environment.put("TIPHYS_ARTIFACT_GC_URL", ports.url("artifact-gc"));
        environment.put("TIPHYS_EXECUTOR_IMAGE", "tiphys/executor:local");
        environment.put("TIPHYS_ARTIFACT_REPOSITORY", artifactRepository());
        environment.put("TIPHYS_OSS_ACCESS_KEY_ID", ACCESS_KEY_ID);
        environment.put("TIPHYS_OSS_ACCESS_KEY_SECRET", settings.secret("oss"));
        environment.put("TIPHYS_IMAGES", images());
        argoConfig.ifPresent(folder -> environment.put("TIPHYS_ARGO_CONFIG", folder.toString()));
        environment.put(
                "TIPHYS_IMAGE_LOOKUP_ENABLED", "false"); // what the node's catalogue hasn't, it can't run either
        return environment;
    }

    String postgresUrl() {
        return "postgresql://127.0.0.1:" + ports.of("postgres") + "/" + Postgres.DATABASE;
    }

    private String artifactRepository() {
        return """
                {"oss":{"endpoint":"%s","bucket":"%s","keyFormat":"{{workflow.name}}/{{pod.name}}","useSDKCreds":true},\
                "archiveLogs":false}""".formatted(ports.url("oss"), BUCKET);
    }

    /** Pods that move data must be told what their image starts, and here only the node knows. */
    private static String images() {
        return JSON.valueToTree(ImageCatalog.starts()).toString();
    }

    private static boolean answers(String url) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            connection.setConnectTimeout(HEALTH_TIMEOUT_MILLIS);
            connection.setReadTimeout(HEALTH_TIMEOUT_MILLIS);
            try {
                return connection.getResponseCode() == 200;
            } finally {
                connection.disconnect();
            }
        } catch (IOException _) {
            return false;
        }
    }
}
