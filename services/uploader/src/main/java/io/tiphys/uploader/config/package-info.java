/** What an operator can set. */
@NullMarked
package io.tiphys.uploader.config;

import org.jspecify.annotations.NullMarked;
