package io.tiphys.expression;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** A word of a {@code when} condition; the value is a {@link Double}, {@link Boolean} or {@link String}. */
record WhenToken(Kind kind, Object value) {

    /** The kinds of the govaluate library, whose names appear in its messages. */
    enum Kind {
        UNKNOWN,
        PREFIX,
        NUMERIC,
        BOOLEAN,
        STRING,
        TIME,
        VARIABLE,
        ACCESSOR,
        SEPARATOR,
        COMPARATOR,
        LOGICALOP,
        MODIFIER,
        CLAUSE,
        CLAUSE_CLOSE,
        TERNARY;

        private static final Set<Kind> VALUES = EnumSet.of(NUMERIC, BOOLEAN, STRING, TIME, VARIABLE, ACCESSOR);
        private static final Map<Kind, Set<Kind>> FOLLOWERS = followers();

        boolean mayBeFollowedBy(Kind next) {
            return FOLLOWERS.getOrDefault(this, Set.of()).contains(next);
        }

        /** Whether a condition may end here. */
        boolean mayEnd() {
            return VALUES.contains(this) || this == CLAUSE_CLOSE;
        }

        private static Map<Kind, Set<Kind>> followers() {
            Set<Kind> start = EnumSet.copyOf(VALUES);
            start.addAll(EnumSet.of(PREFIX, CLAUSE));
            Set<Kind> afterOperator = EnumSet.copyOf(start);
            afterOperator.add(CLAUSE_CLOSE);
            Set<Kind> afterModifier = EnumSet.copyOf(afterOperator);
            afterModifier.remove(TIME);
            Set<Kind> afterPrefix = EnumSet.copyOf(afterOperator);
            afterPrefix.removeAll(EnumSet.of(STRING, TIME, PREFIX));
            Set<Kind> afterValue = EnumSet.of(MODIFIER, COMPARATOR, LOGICALOP, CLAUSE_CLOSE, TERNARY, SEPARATOR);
            Set<Kind> afterTime = EnumSet.copyOf(afterValue);
            afterTime.remove(TERNARY);
            Set<Kind> afterAccessor = EnumSet.copyOf(afterValue);
            afterAccessor.add(CLAUSE);
            Set<Kind> afterClose = EnumSet.copyOf(afterValue);
            afterClose.addAll(EnumSet.of(NUMERIC, BOOLEAN, VARIABLE, STRING, TIME, CLAUSE));
            Set<Kind> afterTernary = EnumSet.copyOf(start);
            afterTernary.add(SEPARATOR);
            Map<Kind, Set<Kind>> followers = new EnumMap<>(Kind.class);
            followers.put(UNKNOWN, start);
            followers.put(CLAUSE, afterOperator);
            followers.put(CLAUSE_CLOSE, afterClose);
            for (Kind value : EnumSet.of(NUMERIC, BOOLEAN, STRING, VARIABLE)) {
                followers.put(value, afterValue);
            }
            followers.put(TIME, afterTime);
            followers.put(ACCESSOR, afterAccessor);
            followers.put(MODIFIER, afterModifier);
            followers.put(COMPARATOR, afterOperator);
            followers.put(LOGICALOP, afterOperator);
            followers.put(PREFIX, afterPrefix);
            followers.put(TERNARY, afterTernary);
            followers.put(SEPARATOR, start);
            return followers;
        }
    }
}
