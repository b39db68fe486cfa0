package io.tiphys.messages;

import java.util.Objects;

/**
 * Which workflow a message is about. The uid is the identity; namespace and name may be used again by a later workflow.
 */
public record WorkflowRef(String namespace, String name, String uid) {
    public WorkflowRef {
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
        if (Objects.requireNonNull(uid, "uid").isEmpty()) {
            throw new IllegalArgumentException("uid of workflow " + namespace + "/" + name + " is empty");
        }
    }
}
