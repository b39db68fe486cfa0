package io.tiphys.local.node.container;

/**
 * How a process ended.
 *
 * @param code its exit code, or 128 plus the signal that killed it
 * @param output what was captured of its output; empty if nothing was to be
 */
public record Exit(int code, String output) {}
