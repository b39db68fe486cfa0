package io.tiphys.executor.save;

import io.tiphys.executor.emissary.Emissary;
import io.tiphys.executor.emissary.FileEntry;
import java.io.IOException;
import java.util.Comparator;

/** Walks a file tree of a container, parents first, members by name; links are named, not followed. */
final class Tree {
    private Tree() {}

    @FunctionalInterface
    interface Visitor {
        void visit(String name, FileEntry entry, String path) throws IOException;
    }

    /**
     * Visits {@code top} and everything below.
     *
     * @param name what {@code top} is called; members are called {@code name/member}, or {@code member} when it is empty
     */
    static void walk(Emissary emissary, String name, String path, FileEntry top, Visitor visitor) throws IOException {
        visitor.visit(name, top, path);
        if (!top.isDirectory()) {
            return;
        }
        var members = emissary.list(path);
        members.sort(Comparator.comparing(FileEntry::name));
        for (var member : members) {
            walk(
                    emissary,
                    name.isEmpty() ? member.name() : name + "/" + member.name(),
                    path.endsWith("/") ? path + member.name() : path + "/" + member.name(),
                    member,
                    visitor);
        }
    }
}
