package io.tiphys.local.node.container;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the program {@code container} is told to start; see there for the records. Paths of the host must be real paths. */
public final class ContainerSpec {
    private final List<String> records = new ArrayList<>();

    /** The root: layers from top to bottom (the host's root last), and folders for what the container changes. */
    public ContainerSpec overlay(List<Path> layers, Path scratch, boolean scratchOnTmpfs) {
        records.add("L"
                + String.join(":", layers.stream().map(ContainerSpec::escape).toList()));
        if (scratchOnTmpfs) {
            records.add("T" + scratch);
        }
        records.add("R" + scratch.resolve("root"));
        records.add("U" + scratch.resolve("upper"));
        records.add("W" + scratch.resolve("work"));
        return this;
    }

    private static String escape(Path layer) {
        return layer.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
    }

    public ContainerSpec mount(Mount mount) {
        String flags = (mount.readOnly() ? "r" : "")
                + (mount.file() ? "f" : "")
                + (mount.optional() ? "o" : "")
                + (mount.copied() ? "c" : "");
        records.add("b" + flags + "\u0001" + mount.source() + "\u0001" + mount.target());
        return this;
    }

    public ContainerSpec tmpfs(String target, String options) {
        records.add("t" + options + "\u0001" + target);
        return this;
    }

    public ContainerSpec hide(Path folder) {
        records.add("h" + folder);
        return this;
    }

    public ContainerSpec command(List<String> arguments) {
        arguments.forEach(argument -> records.add("a" + argument));
        return this;
    }

    public ContainerSpec environment(Map<String, String> variables) {
        variables.forEach((name, value) -> records.add("e" + name + "=" + value));
        return this;
    }

    public ContainerSpec workingDir(String folder) {
        records.add("w" + folder);
        return this;
    }

    public ContainerSpec hostName(String name) {
        records.add("n" + name);
        return this;
    }

    public ContainerSpec user(long uid) {
        records.add("u" + uid);
        return this;
    }

    public ContainerSpec group(long gid) {
        records.add("g" + gid);
        return this;
    }

    public ContainerSpec supplementaryGroup(long gid) {
        records.add("G" + gid);
        return this;
    }

    public ContainerSpec readOnlyRoot() {
        records.add("r");
        return this;
    }

    /** The command isn't the first process of its container, so that signals reach it for which it has no handler. */
    public ContainerSpec behindInit() {
        records.add("p");
        return this;
    }

    public ContainerSpec logTo(Path file) {
        records.add("l" + file);
        return this;
    }

    /** Keep so much of the output instead of logging it. */
    public ContainerSpec capture(int bytes) {
        records.add("c" + bytes);
        return this;
    }

    /** The pod's own address, on which its containers listen. */
    public ContainerSpec address(String address) {
        records.add("i" + address);
        return this;
    }

    /** Run inside the container whose first process this is. */
    public ContainerSpec inside(long pid) {
        records.add("E" + pid);
        return this;
    }

    ByteBuffer encode() {
        StringBuilder text = new StringBuilder();
        for (String entry : records) {
            text.append(entry.replace("\0", "")).append('\0');
        }
        return StandardCharsets.UTF_8.encode(text.append(".\0").toString());
    }
}
