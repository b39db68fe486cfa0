package io.tiphys.local.node.image;

import io.tiphys.local.node.container.Mount;
import io.tiphys.local.node.container.Programs;
import io.tiphys.local.node.image.Image.Provenance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which image is what. Knows a few demo images and the executor; everything else runs on the host's files. */
public final class ImageCatalog {
    private static final String RESOURCES = "/io/tiphys/local/node/layers/";
    private static final Set<String> SHELLS = Set.of(
            "alpine",
            "busybox",
            "debian",
            "ubuntu",
            "bash",
            "fedora",
            "centos",
            "rockylinux",
            "amazonlinux",
            "buildpack-deps");
    private static final Starts SHELL = new Starts(List.of(), List.of("/bin/sh"));
    private static final Starts PYTHON = new Starts(List.of(), List.of("python3"));
    private static final Map<String, Starts> STAND_INS = Map.of(
            "argoproj/argosay", new Starts(List.of("/argosay"), List.of()),
            "docker/whalesay", new Starts(List.of(), List.of("/bin/bash")),
            "rancher/cowsay", new Starts(List.of("cowsay"), List.of()));
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static final String EXECUTOR = "tiphys/executor";

    private static final String NGINX = "nginx";
    private static final Starts NGINX_STARTS = new Starts(List.of(), List.of("nginx", "-g", "daemon off;"));
    /** Images whose shell and tools are busybox'. */
    private static final Set<String> BUSYBOX = Set.of("alpine", "busybox", "bash");

    private static final String CURL = "curlimages/curl";
    private static final Starts CURL_STARTS = new Starts(List.of("curl"), List.of());
    private static final Path BASH = Path.of("/bin/bash");
    private static final List<Path> NETCATS = List.of(Path.of("/bin/nc"), Path.of("/usr/bin/nc"));

    private final Path folder;
    private final @Nullable Path executorLayer;
    private final Programs programs;
    private final List<Mount> demo;
    private final List<Mount> pythonLink;
    private final Optional<Path> python;
    private final Map<String, Image> known = new HashMap<>();

    /**
     * Unpacks the stand-ins.
     *
     * @param folder where the layers lie
     * @param executorLayer the folder that holds {@code tiphys/executor}, or null if there is none
     * @param programs where those are had that stand for others
     */
    public ImageCatalog(Path folder, @Nullable Path executorLayer, Programs programs) throws IOException {
        this.programs = programs;
        this.folder = Files.createDirectories(folder);
        this.executorLayer = executorLayer;
        this.demo = Layer.mounts(unpackDemo());
        this.pythonLink = Layer.mounts(unpackPythonLink());
        this.python = HostPython.find();
        STAND_INS.forEach((name, starts) -> register(demoImage(name, starts)));
    }

    private void register(Image image) {
        known.put(image.name(), image);
    }

    private Image demoImage(String name, Starts starts) {
        return new Image(name, starts.entrypoint(), starts.cmd(), Map.of(), demo, Provenance.STAND_IN);
    }

    /** What an image starts when the pod doesn't say. */
    public record Starts(List<String> entrypoint, List<String> cmd) {}

    /** The images of which it is known here what they start, without tags. */
    public static Map<String, Starts> starts() {
        Map<String, Starts> all = new TreeMap<>(STAND_INS);
        SHELLS.forEach(shell -> all.put(shell, SHELL));
        all.put("python", PYTHON);
        all.put(NGINX, NGINX_STARTS);
        all.put(CURL, CURL_STARTS);
        return all;
    }

    private Path unpackDemo() throws IOException {
        Path layer = folder.resolve("demo");
        unpack("argosay", layer.resolve("argosay"));
        unpack("argosay", layer.resolve("usr/local/bin/argosay"));
        unpack("cowsay", layer.resolve("usr/local/bin/cowsay"));
        return layer;
    }

    /** Many machines have python3 only, or a python that only the user has who installed it. */
    private Path unpackPythonLink() throws IOException {
        Path layer = folder.resolve("python");
        unpack("python", layer.resolve("usr/local/bin/python"));
        return layer;
    }

    private static void unpack(String resource, Path target) throws IOException {
        Files.createDirectories(target.getParent());
        try (InputStream in = ImageCatalog.class.getResourceAsStream(RESOURCES + resource)) {
            if (in == null) {
                throw new IOException(RESOURCES + resource + " is missing from the jar");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /**
     * What this name means here.
     *
     * @throws IOException when the executor's files can't be read
     */
    public Image find(String reference) throws IOException {
        String repository = repository(reference);
        Image exact = known.get(repository);
        if (exact != null) {
            return named(exact, reference);
        }
        if (repository.equals(EXECUTOR) && executorLayer != null) {
            Map<String, String> environment = Map.of("TIPHYS_JAVA_HOME", System.getProperty("java.home"));
            return new Image(
                    reference,
                    List.of("/tiphys/executor"),
                    List.of(),
                    environment,
                    executorFiles(executorLayer),
                    Provenance.STAND_IN);
        }
        if (repository.equals("python")) {
            return python(reference);
        }
        if (repository.equals(CURL)) {
            return new Image(
                    reference, CURL_STARTS.entrypoint(), CURL_STARTS.cmd(), Map.of(), ash(), Provenance.HOST_TOOLS);
        }
        if (repository.equals(NGINX)) {
            return nginx(reference);
        }
        if (SHELLS.contains(repository)) {
            List<Mount> files = BUSYBOX.contains(repository) ? busybox() : List.of();
            return new Image(reference, SHELL.entrypoint(), SHELL.cmd(), Map.of(), files, Provenance.HOST_TOOLS);
        }
        return new Image(reference, List.of(), List.of(), Map.of(), List.of(), Provenance.UNKNOWN);
    }

    /** With the Java runtime, which may lie where containers see nothing of the host. */
    private static List<Mount> executorFiles(Path layer) throws IOException {
        List<Mount> files = new ArrayList<>(Layer.mounts(layer));
        Path java = Path.of(System.getProperty("java.home"));
        files.add(new Mount(java.toRealPath(), java.toString(), false, true, true));
        return files;
    }

    /** The server as one file; what people change of it as files of the container's own. */
    private Image nginx(String reference) throws IOException {
        List<Mount> files = new ArrayList<>();
        files.add(Mount.file(programs.compiled("programs/nginx"), "/usr/sbin/nginx")
                .asReadOnly());
        for (String file : List.of(
                "etc/nginx/nginx.conf",
                "etc/nginx/conf.d/default.conf",
                "usr/share/nginx/html/index.html",
                "usr/share/nginx/html/50x.html")) {
            Path source = folder.resolve(NGINX).resolve(file);
            if (Files.notExists(source)) {
                unpack(NGINX + "/" + file.substring(file.lastIndexOf('/') + 1), source);
                Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-r--r--"));
            }
            files.add(Mount.copy(source.toRealPath(), "/" + file));
        }
        return new Image(
                reference, NGINX_STARTS.entrypoint(), NGINX_STARTS.cmd(), Map.of(), files, Provenance.STAND_IN);
    }

    private List<Mount> busybox() throws IOException {
        List<Mount> files = new ArrayList<>(ash());
        files.addAll(netcat());
        return files;
    }

    /** The shell of busybox knows things that dash doesn't ({@code RANDOM}, {@code >& file}); of what machines have bash comes nearest. */
    private static List<Mount> ash() throws IOException {
        return Files.isExecutable(BASH)
                ? List.of(Mount.file(BASH.toRealPath(), "/bin/sh").asReadOnly())
                : List.of();
    }

    /** Nothing where the machine has one. */
    private List<Mount> netcat() throws IOException {
        return NETCATS.stream().anyMatch(Files::isExecutable)
                ? List.of()
                : List.of(Mount.file(programs.compiled("programs/nc"), "/usr/bin/nc")
                        .asReadOnly());
    }

    private Image python(String reference) {
        Map<String, String> environment =
                python.map(found -> Map.of("PATH", found + ":" + PATH)).orElse(Map.of());
        return new Image(
                reference,
                PYTHON.entrypoint(),
                PYTHON.cmd(),
                environment,
                pythonLink,
                python.isPresent() ? Provenance.HOST_TOOLS : Provenance.UNKNOWN);
    }

    private static Image named(Image image, String reference) {
        return new Image(
                reference, image.entrypoint(), image.cmd(), image.environment(), image.files(), image.provenance());
    }

    /** The repository without registry, {@code library/}, tag and digest: {@code docker.io/library/alpine:3} is {@code alpine}. */
    static String repository(String reference) {
        String name = reference;
        int digest = name.indexOf('@');
        name = digest < 0 ? name : name.substring(0, digest);
        int slash = name.lastIndexOf('/');
        int tag = name.indexOf(':', slash + 1);
        name = tag < 0 ? name : name.substring(0, tag);
        int first = name.indexOf('/');
        if (first > 0) {
            String registry = name.substring(0, first);
            if (registry.contains(".") || registry.contains(":") || registry.equals("localhost")) {
                name = name.substring(first + 1);
            }
        }
        return name.startsWith("library/") ? name.substring("library/".length()) : name;
    }
}
