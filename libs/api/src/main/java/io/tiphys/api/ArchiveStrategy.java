package io.tiphys.api;

import org.jspecify.annotations.Nullable;

/** How an artifact is packed; tar with gzip when nothing is said. */
@ArgoType
public record ArchiveStrategy(
        @Nullable TarStrategy tar,
        @Nullable NoneStrategy none,
        @Nullable ZipStrategy zip) implements ArchiveStrategyBuilder.With {}
