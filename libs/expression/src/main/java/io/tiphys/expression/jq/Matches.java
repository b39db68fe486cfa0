package io.tiphys.expression.jq;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What regular expressions find in texts, as jq describes it. */
final class Matches {
    private Matches() {}

    static Object of(String text, @Nullable Object expression, @Nullable Object options, Env.Steps steps) {
        String flags = options == null ? "" : Json.text(options, "regular expression flags");
        if (!flags.matches("[gimnsplx]*")) {
            throw new JqError("unsupported regular expression flag: " + flags);
        }
        int bits = (flags.contains("i") ? Pattern.CASE_INSENSITIVE : 0)
                | (flags.contains("s") || flags.contains("p") ? Pattern.DOTALL : 0);
        String written = Json.text(expression, "regular expression");
        steps.matching().read(written);
        Pattern pattern;
        try {
            pattern = Pattern.compile(written, bits);
        } catch (PatternSyntaxException e) {
            throw new JqError("invalid regular expression " + Json.write(expression) + ": " + e.getDescription());
        }
        Map<Integer, String> names = new HashMap<>();
        pattern.namedGroups().forEach((name, group) -> names.put(group, name));
        List<@Nullable Object> found = new ArrayList<>();
        Matcher matcher = steps.matching().matcher(pattern, text);
        int last = 0;
        int offset = 0; // of the match, in code points
        while (matcher.find()) {
            steps.take(1);
            offset += text.codePointCount(last, matcher.start());
            last = matcher.start();
            List<@Nullable Object> captures = new ArrayList<>();
            for (int group = 1; group <= matcher.groupCount(); group++) {
                Map<String, @Nullable Object> capture = place(text, matcher, group, offset);
                capture.put("name", names.get(group));
                captures.add(capture);
            }
            Map<String, @Nullable Object> match = place(text, matcher, 0, offset);
            match.put("captures", captures);
            found.add(match);
            if (!flags.contains("g")) {
                break;
            }
        }
        return found;
    }

    private static Map<String, @Nullable Object> place(String text, Matcher matcher, int group, int offset) {
        Map<String, @Nullable Object> place = new TreeMap<>();
        int start = matcher.start(group);
        place.put("offset", start < 0 ? -1.0 : (double) offset + text.codePointCount(matcher.start(), start));
        place.put("length", start < 0 ? 0.0 : (double) text.codePointCount(start, matcher.end(group)));
        place.put("string", start < 0 ? null : matcher.group(group));
        return place;
    }
}
