@NullMarked
package io.tiphys.artifacts.gcs;

import org.jspecify.annotations.NullMarked;
