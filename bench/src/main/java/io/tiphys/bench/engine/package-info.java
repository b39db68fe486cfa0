/** What the engine's events cost, shape by shape and size by size. */
@org.jspecify.annotations.NullMarked
package io.tiphys.bench.engine;
