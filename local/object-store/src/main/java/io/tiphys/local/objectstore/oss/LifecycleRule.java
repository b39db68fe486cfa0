package io.tiphys.local.objectstore.oss;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/**
 * What a bucket's lifecycle says about a prefix.
 *
 * @param expireAfter age at which objects go, or null
 * @param expireBefore objects modified before go, or null
 * @param abortAfter age at which unfinished uploads go, or null
 */
public record LifecycleRule(
        String prefix,
        boolean enabled,
        @Nullable Duration expireAfter,
        @Nullable Instant expireBefore,
        @Nullable Duration abortAfter) {
    /**
     * Checks it.
     *
     * @throws OssException MalformedXML naming what is wrong
     */
    static List<LifecycleRule> parseAll(byte[] document) {
        Element root = Xml.parse(document);
        List<Element> elements = Xml.children(root, "Rule");
        if (!root.getTagName().equals("LifecycleConfiguration") || elements.isEmpty()) {
            throw Xml.malformed("a LifecycleConfiguration with at least one Rule is needed.");
        }
        List<LifecycleRule> rules = new ArrayList<>();
        for (Element element : elements) {
            rules.add(parse(element));
        }
        return rules;
    }

    private static LifecycleRule parse(Element rule) {
        String status = Xml.childText(rule, "Status");
        if (!status.equals("Enabled") && !status.equals("Disabled")) {
            throw Xml.malformed("Status must be Enabled or Disabled, not \"" + status + "\".");
        }
        Element expiration = first(rule, "Expiration");
        Element abort = first(rule, "AbortMultipartUpload");
        Element abortS3 = first(rule, "AbortIncompleteMultipartUpload");
        return new LifecycleRule(
                prefix(rule),
                status.equals("Enabled"),
                days(expiration, "Days"),
                date(expiration),
                abortS3 == null ? days(abort, "Days") : days(abortS3, "DaysAfterInitiation"));
    }

    /** OSS has the prefix in the rule, S3 in its filter. */
    private static String prefix(Element rule) {
        Element filter = first(rule, "Filter");
        Element and = filter == null ? null : first(filter, "And");
        String prefix = Xml.childText(rule, "Prefix");
        if (!prefix.isEmpty() || filter == null) {
            return prefix;
        }
        return Xml.childText(and == null ? filter : and, "Prefix");
    }

    private static @Nullable Element first(Element rule, String name) {
        List<Element> found = Xml.children(rule, name);
        return found.isEmpty() ? null : found.getFirst();
    }

    private static @Nullable Duration days(@Nullable Element action, String name) {
        String days = action == null ? "" : Xml.childText(action, name).trim();
        if (days.isEmpty()) {
            return null;
        }
        if (!days.matches("[1-9]\\d{0,5}")) {
            throw Xml.malformed(name + " must be a positive number, not \"" + days + "\".");
        }
        return Duration.ofDays(Long.parseLong(days));
    }

    private static @Nullable Instant date(@Nullable Element action) {
        String date =
                action == null ? "" : Xml.childText(action, "CreatedBeforeDate").trim();
        if (date.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(date);
        } catch (DateTimeException e) {
            throw Xml.malformed("CreatedBeforeDate must look like 2026-01-31T00:00:00.000Z, not \"" + date + "\".");
        }
    }
}
