package io.tiphys.local.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Questions about rights. The answer is always yes: everybody who reaches this server is admin. */
final class Reviews {
    /** group, version, plural, kind. */
    static final List<String[]> TYPES = List.of(
            new String[] {"authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview"},
            new String[] {"authorization.k8s.io", "v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview"},
            new String[] {"authorization.k8s.io", "v1", "subjectaccessreviews", "SubjectAccessReview"},
            new String[] {"authentication.k8s.io", "v1", "selfsubjectreviews", "SelfSubjectReview"},
            new String[] {"authentication.k8s.io", "v1", "tokenreviews", "TokenReview"});

    private Reviews() {}

    static boolean isReview(String apiVersion, String plural) {
        return TYPES.stream().anyMatch(type -> (type[0] + "/" + type[1]).equals(apiVersion) && type[2].equals(plural));
    }

    /** The review with its answer. */
    static ObjectNode answer(String plural, ObjectNode review) {
        ObjectNode status = Json.child(review, "status");
        switch (plural) {
            case "selfsubjectreviews" -> user(status.putObject("userInfo"));
            case "tokenreviews" -> user(status.put("authenticated", true).putObject("user"));
            case "selfsubjectrulesreviews" -> {
                ObjectNode rule = status.put("incomplete", false)
                        .putArray("resourceRules")
                        .addObject();
                for (String field : List.of("verbs", "apiGroups", "resources")) {
                    rule.putArray(field).add("*");
                }
                status.putArray("nonResourceRules");
            }
            default -> status.put("allowed", true).put("reason", "everybody is admin on a local instance");
        }
        return review;
    }

    private static void user(ObjectNode user) {
        user.put("username", "admin").putArray("groups").add("system:masters");
    }
}
