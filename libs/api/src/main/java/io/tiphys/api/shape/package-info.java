/** What JSON an API type accepts, derived from its Java type: for the schemas of the CRDs and for validation. */
@NullMarked
package io.tiphys.api.shape;

import org.jspecify.annotations.NullMarked;
