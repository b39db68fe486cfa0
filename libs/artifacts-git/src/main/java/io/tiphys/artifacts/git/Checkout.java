package io.tiphys.artifacts.git;

import io.tiphys.artifacts.Credentials;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be checked out, and as whom.
 *
 * @param url without user and password
 * @param user name and password; the name may be there without a password, for ssh
 * @param privateKey in PEM or OpenSSH form; {@code toString} keeps it
 * @param depth 0: all commits
 * @param fetch refspecs that are fetched besides
 */
record Checkout(
        String url,
        @Nullable Credentials user,
        @Nullable String privateKey,
        boolean ignoreHostKey,
        boolean skipTls,
        @Nullable String revision,
        @Nullable String branch,
        boolean singleBranch,
        int depth,
        List<String> fetch,
        boolean submodules) {
    Checkout {
        fetch = List.copyOf(fetch);
    }

    @Override
    public String toString() {
        return "Checkout[" + url + "@" + revision + "]";
    }
}
