/** Caches of memoized outputs, in ConfigMaps as Argo keeps them. */
@NullMarked
package io.tiphys.controller.cache;

import org.jspecify.annotations.NullMarked;
