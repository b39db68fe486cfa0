@NullMarked
package io.tiphys.artifacts.s3;

import org.jspecify.annotations.NullMarked;
