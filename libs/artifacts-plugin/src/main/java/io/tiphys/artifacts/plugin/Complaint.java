package io.tiphys.artifacts.plugin;

import io.grpc.Status;
import io.grpc.StatusException;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a driver says went wrong, as a failure of ours. Drivers answer with a sentence and no code, usually the one of the SDK behind them; what
 * its words tell decides whether the object isn't there, whether it is worth another try, or neither. The sentence is cut and made one line.
 */
final class Complaint {
    private static final int LONGEST = 500;

    private static final Pattern MISSING = Pattern.compile(
            "not[ _-]?found|no such|nosuchkey|does(?: not|n[\u2019']t) exist|\\b404\\b", Pattern.CASE_INSENSITIVE);

    /** Something else than the object is missing: whoever took that for an object that is gone would be wrong. */
    private static final Pattern OTHER_MISSING = Pattern.compile(
            "(?:secret|credential|bucket|container|config|host|namespace|account|plugin|driver|region)\\w*\\W+(?:\\S+\\W+)?"
                    + "(?:\\w+ )?(?:not[ _-]?(?:be )?found|does(?: not|n[\u2019']t) exist)"
                    + "|nosuchbucket|containernotfound|no such (?:host|bucket|container|secret)",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PASSING = Pattern.compile(
            "time[d]?[ -]?out|deadline|connection|unavailable|temporar|too many requests|throttl|slow ?down|try again"
                    + "|broken pipe|unexpected eof|\\b(?:429|500|502|503|504)\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\s]+");

    private Complaint() {}

    /** A driver's own words. */
    static StoreException of(String what, @Nullable String words, String configuration) {
        String said = clean(words, configuration);
        return new StoreException(kind(said), what + ": " + (said.isEmpty() ? "the driver gives no reason" : said));
    }

    /** A failed call. */
    static StoreException of(String what, StatusException e, String configuration) {
        Status status = e.getStatus();
        String said = clean(status.getDescription(), configuration);
        Kind kind = switch (status.getCode()) {
            case NOT_FOUND -> Kind.NOT_FOUND;
            case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED -> Kind.UNAVAILABLE;
            case RESOURCE_EXHAUSTED -> said.contains("exceeds maximum size") ? Kind.REFUSED : Kind.UNAVAILABLE;
            case UNKNOWN -> kind(said);
            default -> Kind.REFUSED;
        };
        String why = switch (status.getCode()) {
            case DEADLINE_EXCEEDED -> "the driver did not answer in time";
            case UNIMPLEMENTED -> "the driver does not implement this: " + said;
            default -> said.isEmpty() ? status.getCode().name() : said;
        };
        return new StoreException(kind, what + ": " + why, e);
    }

    private static Kind kind(String said) {
        if (MISSING.matcher(said).find() && !OTHER_MISSING.matcher(said).find()) {
            return Kind.NOT_FOUND;
        }
        return PASSING.matcher(said).find() ? Kind.UNAVAILABLE : Kind.REFUSED;
    }

    private static String clean(@Nullable String words, String configuration) {
        if (words == null) {
            return "";
        }
        String cut = words.length() > 20 * LONGEST ? words.substring(0, 20 * LONGEST) : words;
        String without = configuration.length() < 8 ? cut : cut.replace(configuration, "\u2026");
        String line = UNPRINTABLE.matcher(without).replaceAll(" ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "\u2026" : line;
    }
}
