/** Upload sessions: what was begun, what was stored, what is finished. */
@NullMarked
package io.tiphys.uploader.session;

import org.jspecify.annotations.NullMarked;
