/**
 * jq's language, as {@code valueFrom.jqFilter} uses it. Filters are compiled to closures that push what they find to whoever asked; a
 * filter also says where it found a value, which is what assignments build on. No I/O, no clock, and a limit on steps: endless filters
 * end in an error.
 */
@NullMarked
package io.tiphys.expression.jq;

import org.jspecify.annotations.NullMarked;
