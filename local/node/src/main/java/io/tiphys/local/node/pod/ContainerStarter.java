package io.tiphys.local.node.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.Pod;
import io.tiphys.local.node.container.ContainerSpec;
import io.tiphys.local.node.container.Mount;
import io.tiphys.local.node.container.RunningContainer;
import io.tiphys.local.node.container.StartException;
import io.tiphys.local.node.image.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a container of a pod into a process: files, mounts, variables, user. */
final class ContainerStarter {
    private static final Path HOST_ROOT = Path.of("/");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final int HOOK_OUTPUT = 8 * 1024;
    private static final int MAX_HOST_NAME = 63;

    private final NodeServices services;
    private final PodPlace place;
    private final Pod pod;
    private final PodFolder folder;
    private final PodVolumes volumes;
    private final Environment environment;
    private final ServiceAccount account;

    ContainerStarter(
            NodeServices services,
            PodPlace place,
            Pod pod,
            PodFolder folder,
            PodVolumes volumes,
            Environment environment,
            ServiceAccount account) {
        this.services = services;
        this.place = place;
        this.pod = pod;
        this.folder = folder;
        this.volumes = volumes;
        this.environment = environment;
        this.account = account;
    }

    /**
     * Starts it.
     *
     * @throws ConfigException when something it refers to is missing: worth another try
     * @throws StartException when it can't be started
     */
    RunningContainer start(ContainerRun run, Image image) throws IOException {
        Container container = run.spec();
        RunAs who = RunAs.of(pod.getSpec(), container);
        who.check();
        Map<String, String> variables = variables(container, image);
        List<String> command = image.commandLine(
                Expansion.expand(container.getCommand(), variables), Expansion.expand(container.getArgs(), variables));
        if (command.isEmpty()) {
            throw new StartException("no command specified: image \"" + image.name()
                    + "\" is not at hand on this node, so its entrypoint is unknown; set command in the container");
        }
        Path own = folder.freshScratch(container.getName(), run.nextAttempt());
        ContainerSpec spec = new ContainerSpec();
        fileSystem(spec, container, image, own, variables);
        spec.command(command).environment(variables).hostName(hostName()).logTo(log(run));
        spec.workingDir(
                container.getWorkingDir() == null ? "/" : Expansion.expand(container.getWorkingDir(), variables));
        who.apply(spec);
        if (Boolean.TRUE.equals(pod.getSpec().getShareProcessNamespace())) {
            spec.behindInit(); // as the pod's pause is; what else runs in the pod isn't seen here
        }
        ownAddress(spec);
        return services.spawner().start(spec);
    }

    private void ownAddress(ContainerSpec spec) {
        if (!place.sharesAddress()) {
            spec.address(place.address());
        }
    }

    private Map<String, String> variables(Container container, Image image) throws ConfigException {
        boolean isRoot = RunAs.of(pod.getSpec(), container).isRoot();
        return environment.of(container, image, hostName(), isRoot, account.variables());
    }

    private Path log(ContainerRun run) throws IOException {
        Path log = folder.log(run.name(), run.nextAttempt());
        Files.createDirectories(log.getParent());
        return log;
    }

    String hostName() {
        String name = pod.getSpec().getHostname() == null
                ? pod.getMetadata().getName()
                : pod.getSpec().getHostname();
        return name.length() > MAX_HOST_NAME ? name.substring(0, MAX_HOST_NAME) : name;
    }

    private void fileSystem(
            ContainerSpec spec, Container container, Image image, Path own, Map<String, String> variables)
            throws IOException {
        Files.createDirectories(own.resolve("layer"));
        spec.overlay(List.of(HOST_ROOT), own.resolve("layer").toRealPath(), services.scratchOnTmpfs());
        Path hidden = services.hidden();
        if (hidden != null) {
            spec.hide(hidden);
        }
        for (Path mount : services.hostMounts()) {
            spec.mount(new Mount(mount, mount.toString(), !Files.isDirectory(mount), true, true));
        }
        for (String name : List.of("tmp", "var/tmp", "run")) {
            Path fresh =
                    PodFolder.open(own.resolve(name.replace('/', '-')), name.equals("run") ? "rwxr-xr-x" : "rwxrwxrwx");
            spec.mount(Mount.folder(fresh.toRealPath(), "/" + name));
        }
        image.files().forEach(spec::mount);
        nameServers(spec);
        spec.mount(Mount.file(hosts().toRealPath(), "/etc/hosts"));
        Path message = own.resolve("termination-log");
        Files.write(message, new byte[0]);
        Files.setPosixFilePermissions(message, java.nio.file.attribute.PosixFilePermissions.fromString("rw-rw-rw-"));
        spec.mount(Mount.file(message.toRealPath(), terminationMessagePath(container)));
        account.mount().ifPresent(spec::mount);
        volumes.mounts(container, variables).forEach(spec::mount);
        if (container.getSecurityContext() != null
                && Boolean.TRUE.equals(container.getSecurityContext().getReadOnlyRootFilesystem())) {
            spec.readOnlyRoot();
        }
    }

    private static String terminationMessagePath(Container container) {
        String path = container.getTerminationMessagePath();
        return path == null || path.isEmpty() ? "/dev/termination-log" : path;
    }

    /** What the container of this attempt left as its termination message; empty if nothing. */
    Path terminationMessage(ContainerRun run) {
        return folder.scratch(run.name(), run.restarts()).resolve("termination-log");
    }

    /** Where resolv.conf is a link into /run (systemd), which a container has its own of, the file has to come along. */
    private static void nameServers(ContainerSpec spec) throws IOException {
        if (Files.exists(RESOLV_CONF) && RESOLV_CONF.toRealPath().startsWith("/run")) {
            Path file = RESOLV_CONF.toRealPath();
            spec.mount(Mount.file(file, file.toString()).asReadOnly());
        }
    }

    private Path hosts() throws IOException {
        Path hosts = folder.volumes().resolveSibling("hosts");
        if (!Files.exists(hosts)) {
            StringBuilder lines = new StringBuilder("127.0.0.1\tlocalhost\n::1\tlocalhost\n");
            lines.append(place.address()).append('\t').append(hostName()).append('\n');
            for (HostAlias alias : pod.getSpec().getHostAliases()) {
                lines.append(alias.getIp())
                        .append('\t')
                        .append(String.join("\t", alias.getHostnames()))
                        .append('\n');
            }
            Files.writeString(hosts, lines);
        }
        return hosts;
    }

    /** A command inside a running container, for hooks and probes; its output is captured. */
    RunningContainer startInside(ContainerRun run, RunningContainer process, Image image, List<String> command)
            throws IOException {
        Map<String, String> variables = variables(run.spec(), image);
        ContainerSpec spec = new ContainerSpec()
                .inside(process.pid())
                .command(command)
                .environment(variables)
                .workingDir(
                        run.spec().getWorkingDir() == null ? "/" : run.spec().getWorkingDir())
                .capture(HOOK_OUTPUT);
        RunAs.of(pod.getSpec(), run.spec()).apply(spec);
        ownAddress(spec);
        return services.spawner().start(spec);
    }

    Image image(Container container) throws IOException {
        @Nullable String name = container.getImage();
        return services.images().find(name == null ? "" : name);
    }
}
