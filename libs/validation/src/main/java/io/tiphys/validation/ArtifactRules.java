package io.tiphys.validation;

import io.tiphys.api.Artifact;
import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.GitArtifact;
import io.tiphys.api.HDFSArtifact;
import io.tiphys.api.JsonPaths;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Artifacts: paths that stay where they belong, and locations that are whole. */
final class ArtifactRules {
    private ArtifactRules() {}

    /** Whether it says where it is, or at least under which key of the artifact repository. */
    static boolean hasLocationOrKey(Artifact a) {
        return Stream.of(
                        a.s3() == null ? null : a.s3().key(),
                        a.oss() == null ? null : a.oss().key(),
                        a.gcs() == null ? null : a.gcs().key(),
                        a.azure() == null ? null : a.azure().blob(),
                        a.hdfs() == null ? null : a.hdfs().path(),
                        a.http() == null ? null : a.http().url(),
                        a.artifactory() == null ? null : a.artifactory().url(),
                        a.plugin() == null ? null : a.plugin().key(),
                        a.git() == null ? null : a.git().repo(),
                        a.raw() == null ? null : "raw")
                .anyMatch(Call::isGiven);
    }

    /** The path of an artifact of a template that reads or writes files. */
    static void checkPath(Artifact artifact, String path, Findings findings) {
        String filePath = Call.text(artifact.path());
        if (filePath.isEmpty()) {
            findings.problem(path, "artifact \"" + artifact.name() + "\" needs a path");
        } else if (escapes(filePath)) {
            findings.problem(
                    JsonPaths.field(path, "path"),
                    "\"" + artifact.path()
                            + "\" leads out of its directory; '..' must stay below what stands before it");
        }
    }

    /** Whether {@code ..} leads out of the directory named before it. */
    private static boolean escapes(String path) {
        int up = path.indexOf("/../");
        String safe =
                up >= 0 ? path.substring(0, up) : path.endsWith("/..") ? path.substring(0, path.length() - 3) : "";
        return !safe.isEmpty()
                && !(clean(path).startsWith(safe + "/") && clean(path).length() > safe.length() + 1);
    }

    private static String clean(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..") && !parts.isEmpty() && !parts.getLast().equals("..")) {
                parts.removeLast();
            } else if (!part.isEmpty() && !part.equals(".") && !(part.equals("..") && path.startsWith("/"))) {
                parts.addLast(part);
            }
        }
        return (path.startsWith("/") ? "/" : "") + String.join("/", parts);
    }

    static void checkLocation(Artifact artifact, String path, Findings findings) {
        checkGit(artifact.git(), path, findings);
        checkHdfs(artifact.hdfs(), path, findings);
    }

    static void checkLocation(ArtifactLocation location, String path, Findings findings) {
        checkGit(location.git(), path, findings);
        checkHdfs(location.hdfs(), path, findings);
    }

    private static void checkGit(@Nullable GitArtifact git, String path, Findings findings) {
        if (git != null && git.repo().isEmpty()) {
            findings.problem(path + ".git.repo", "is required");
        }
    }

    private static void checkHdfs(@Nullable HDFSArtifact hdfs, String parent, Findings findings) {
        if (hdfs == null) {
            return;
        }
        String path = JsonPaths.field(parent, "hdfs");
        if (hdfs.addresses().isEmpty()) {
            findings.problem(JsonPaths.field(path, "addresses"), "is required");
        }
        if (!hdfs.path().startsWith("/")) {
            findings.problem(JsonPaths.field(path, "path"), "must be an absolute path");
        }
        boolean cache = hdfs.krbCCacheSecret() != null;
        boolean keytab = hdfs.krbKeytabSecret() != null;
        if (!Call.isGiven(hdfs.hdfsUser()) && !cache && !keytab) {
            findings.problem(path, "needs one of hdfsUser, krbCCacheSecret and krbKeytabSecret");
        }
        boolean service = Call.isGiven(hdfs.krbServicePrincipalName()) && hdfs.krbConfigConfigMap() != null;
        if ((cache || keytab) && !service) {
            findings.problem(path, "Kerberos needs krbServicePrincipalName and krbConfigConfigMap");
        }
        if (keytab && !(Call.isGiven(hdfs.krbUsername()) && Call.isGiven(hdfs.krbRealm()))) {
            findings.problem(path, "krbKeytabSecret needs krbUsername and krbRealm");
        }
    }
}
