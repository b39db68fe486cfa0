@NullMarked
package io.tiphys.uploader.session;

import org.jspecify.annotations.NullMarked;
