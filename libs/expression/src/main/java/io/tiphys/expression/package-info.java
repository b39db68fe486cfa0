/**
 * Texts and values in, texts and values out: {@code {{tags}}}, {@code {{=expressions}}}, {@code when}, {@code depends}, Go's number,
 * duration and time formats. Everything is compiled once and evaluated many times, against a {@link io.tiphys.expression.Scope}. The
 * package knows no workflow types, reads no clock and does no I/O; hostile texts end in a message, never in an endless loop.
 */
@NullMarked
package io.tiphys.expression;

import org.jspecify.annotations.NullMarked;
