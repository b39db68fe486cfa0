/** Azure Blob Storage behind the artifact store port, through the official SDK. */
@NullMarked
package io.tiphys.artifacts.azure;

import org.jspecify.annotations.NullMarked;
