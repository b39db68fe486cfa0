/**
 * Loops: what {@code withItems}, {@code withParam} and {@code withSequence} multiply a step or task into, how an item looks
 * in a tag and in a node's name. A list is made once and shared by all of its items.
 * Knows no nodes.
 */
@NullMarked
package io.tiphys.engine.loop;

import org.jspecify.annotations.NullMarked;
