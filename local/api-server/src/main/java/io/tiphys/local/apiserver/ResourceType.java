package io.tiphys.local.apiserver;

import java.util.List;

/**
 * One served resource in one version, such as {@code pods} in {@code v1}.
 *
 * @param group empty for the core group
 * @param columns what {@code kubectl get} prints after the name; empty means the age
 */
record ResourceType(
        String group,
        String version,
        String plural,
        String singular,
        String kind,
        boolean namespaced,
        boolean hasStatus,
        boolean custom,
        List<String> shortNames,
        List<String> categories,
        List<PrinterColumn> columns) {

    ResourceType {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        columns = List.copyOf(columns);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** {@code workflows.argoproj.io}, or {@code pods} in the core group: how messages and storage name it. */
    String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    boolean is(String otherGroup, String otherPlural) {
        return group.equals(otherGroup) && plural.equals(otherPlural);
    }

    boolean isPod() {
        return is("", "pods");
    }

    /** The key of an object in its store; keys of one namespace are neighbours. */
    String key(String namespace, String name) {
        return (namespaced ? namespace : "") + "/" + name;
    }
}
