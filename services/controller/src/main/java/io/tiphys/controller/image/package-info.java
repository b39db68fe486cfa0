/**
 * What images start, asked of their registries: emissary replaces a container's command, so that of a container without one must be known
 * (Argo: the emissary's image index). Who asks decides what is made of it; nothing here knows of workflows or nodes.
 */
@NullMarked
package io.tiphys.controller.image;

import org.jspecify.annotations.NullMarked;
