@NullMarked
package io.tiphys.controller.config;

import org.jspecify.annotations.NullMarked;
