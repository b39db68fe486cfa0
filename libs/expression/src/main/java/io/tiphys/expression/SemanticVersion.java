package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/** A semantic version; parts that are left out are 0. */
record SemanticVersion(long major, long minor, long patch, String prerelease, String metadata)
        implements Comparable<SemanticVersion> {
    private static final Pattern FORM = Pattern.compile(
            "v?([0-9]{1,18})(?:\\.([0-9]{1,18}))?(?:\\.([0-9]{1,18}))?(?:-([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?(?:\\+([0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*))?");

    static SemanticVersion parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new ExprProblem("Invalid Semantic Version");
        }
        return new SemanticVersion(
                number(parts.group(1)),
                number(parts.group(2)),
                number(parts.group(3)),
                text(parts.group(4)),
                text(parts.group(5)));
    }

    private static long number(@Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static String text(@Nullable String part) {
        return part == null ? "" : part;
    }

    /** What a method of the version gives. */
    Object method(String name, Arguments arguments) {
        return switch (name) {
            case "Major" -> major;
            case "Minor" -> minor;
            case "Patch" -> patch;
            case "Prerelease" -> prerelease;
            case "Metadata" -> metadata;
            case "String" -> toString();
            case "IncMajor" -> new SemanticVersion(major + 1, 0, 0, "", "");
            case "IncMinor" -> new SemanticVersion(major, minor + 1, 0, "", "");
            case "IncPatch" ->
                prerelease.isEmpty()
                        ? new SemanticVersion(major, minor, patch + 1, "", "")
                        : new SemanticVersion(major, minor, patch, "", "");
            case "Compare" -> (long) compareTo(other(arguments));
            case "Equal" -> compareTo(other(arguments)) == 0;
            case "LessThan" -> compareTo(other(arguments)) < 0;
            case "GreaterThan" -> compareTo(other(arguments)) > 0;
            default -> throw new ExprProblem("type *semver.Version has no method " + name);
        };
    }

    private static SemanticVersion other(Arguments arguments) {
        if (arguments.expect(1).get(0) instanceof SemanticVersion other) {
            return other;
        }
        throw new ExprProblem("a version can only be compared with a version");
    }

    @Override
    public int compareTo(SemanticVersion other) {
        int order = Long.compare(major, other.major);
        order = order != 0 ? order : Long.compare(minor, other.minor);
        order = order != 0 ? order : Long.compare(patch, other.patch);
        return order != 0 ? order : comparePrerelease(prerelease, other.prerelease);
    }

    private static int comparePrerelease(String first, String second) {
        if (first.isEmpty() || second.isEmpty()) {
            return Boolean.compare(first.isEmpty(), second.isEmpty());
        }
        String[] left = first.split("\\.", -1);
        String[] right = second.split("\\.", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = comparePart(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int comparePart(String first, String second) {
        boolean number = first.matches("[0-9]{1,18}");
        boolean otherNumber = second.matches("[0-9]{1,18}");
        if (number && otherNumber) {
            return Long.compare(Long.parseLong(first), Long.parseLong(second));
        }
        return number == otherNumber ? Integer.signum(first.compareTo(second)) : number ? -1 : 1;
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch + (prerelease.isEmpty() ? "" : "-" + prerelease)
                + (metadata.isEmpty() ? "" : "+" + metadata);
    }
}
