@NullMarked
package io.tiphys.controller.cron;

import org.jspecify.annotations.NullMarked;
