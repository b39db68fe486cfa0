@NullMarked
package io.tiphys.uploader;

import org.jspecify.annotations.NullMarked;
