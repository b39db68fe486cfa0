@NullMarked
package io.tiphys.artifactgc.orphan;

import org.jspecify.annotations.NullMarked;
