package io.tiphys.expression;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;

/** What {@code semverCompare} holds a version against: alternatives between {@code ||}, all of whose parts must hold. */
final class VersionConstraint {
    private static final Pattern RANGE = Pattern.compile("\\s*(\\S+)\\s+-\\s+(\\S+)\\s*");
    private static final Pattern PART = Pattern.compile(
            "\\s*(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?\\s*v?([0-9]{1,18}|[xX*])(?:\\.([0-9]{1,18}|[xX*]))?(?:\\.([0-9]{1,18}|[xX*]))?(-[0-9A-Za-z.-]+)?(?:\\+[0-9A-Za-z.-]+)?\\s*(?:,|\\s|$)");

    private VersionConstraint() {}

    static boolean holds(String constraint, SemanticVersion version) {
        boolean holds = false;
        for (String alternative : constraint.split("\\|\\|", -1)) {
            holds |= all(alternative, version);
        }
        return holds;
    }

    private static boolean all(String alternative, SemanticVersion version) {
        Matcher range = RANGE.matcher(alternative);
        String parts = range.matches() ? ">=" + range.group(1) + " <=" + range.group(2) : alternative.strip();
        Matcher part = PART.matcher(parts);
        boolean holds = true;
        int at = 0;
        do {
            if (!part.find(at) || part.start() != at) {
                throw new ExprProblem("improper constraint: " + alternative.strip());
            }
            holds &= holds(part, version);
            at = part.end();
        } while (at < parts.length());
        return holds;
    }

    private static boolean holds(Matcher part, SemanticVersion version) {
        boolean minor = isGiven(part.group(3));
        boolean patch = minor && isGiven(part.group(4));
        boolean anything = !isGiven(part.group(2));
        String prerelease = part.group(5) == null ? "" : part.group(5).substring(1);
        if (!version.prerelease().isEmpty() && prerelease.isEmpty()) {
            return false;
        }
        if (anything) {
            return true;
        }
        SemanticVersion low = new SemanticVersion(
                Long.parseLong(part.group(2)),
                minor ? Long.parseLong(part.group(3)) : 0,
                patch ? Long.parseLong(part.group(4)) : 0,
                prerelease,
                "");
        SemanticVersion above = minor
                ? new SemanticVersion(low.major(), low.minor() + 1, 0, "", "")
                : new SemanticVersion(low.major() + 1, 0, 0, "", "");
        boolean whole = patch;
        String operator = part.group(1) == null ? "=" : part.group(1);
        return switch (operator) {
            case ">" -> whole ? version.compareTo(low) > 0 : version.compareTo(above) >= 0;
            case ">=", "=>" -> version.compareTo(low) >= 0;
            case "<" -> version.compareTo(low) < 0;
            case "<=", "=<" -> whole ? version.compareTo(low) <= 0 : version.compareTo(above) < 0;
            case "!=" -> whole ? version.compareTo(low) != 0 : !between(low, version, above);
            case "~", "~>" -> between(low, version, above);
            case "^" -> between(low, version, caret(low, minor, patch));
            default -> whole ? version.compareTo(low) == 0 : between(low, version, above);
        };
    }

    private static boolean isGiven(@org.jspecify.annotations.Nullable String number) {
        return number != null && Character.isDigit(number.charAt(0));
    }

    private static boolean between(SemanticVersion low, SemanticVersion version, SemanticVersion above) {
        return version.compareTo(low) >= 0 && version.compareTo(above) < 0;
    }

    /** The first version that {@code ^} refuses: the leftmost number other than 0 may not change. */
    private static SemanticVersion caret(SemanticVersion low, boolean minor, boolean patch) {
        if (low.major() > 0 || !minor) {
            return new SemanticVersion(low.major() + 1, 0, 0, "", "");
        }
        if (low.minor() > 0 || !patch) {
            return new SemanticVersion(0, low.minor() + 1, 0, "", "");
        }
        return new SemanticVersion(0, 0, low.patch() + 1, "", "");
    }
}
