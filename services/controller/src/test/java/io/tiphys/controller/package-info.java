@NullMarked
package io.tiphys.controller;

import org.jspecify.annotations.NullMarked;
