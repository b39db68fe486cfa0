@NullMarked
package io.tiphys.uploader.rest;

import org.jspecify.annotations.NullMarked;
