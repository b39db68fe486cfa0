/** Stores that give no URLs to pods: their bytes pass through here, under the pod's capability. */
@NullMarked
package io.tiphys.uploader.stream;

import org.jspecify.annotations.NullMarked;
