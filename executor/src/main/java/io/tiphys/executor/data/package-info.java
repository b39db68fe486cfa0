/** Data templates: lists the keys below a location and transforms the list. Knows expressions; object storage only through the uploader. */
@NullMarked
package io.tiphys.executor.data;

import org.jspecify.annotations.NullMarked;
