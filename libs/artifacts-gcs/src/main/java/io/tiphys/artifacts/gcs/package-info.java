/** Google Cloud Storage behind the artifact store port: its XML API, with Google's own library for the credentials. */
@NullMarked
package io.tiphys.artifacts.gcs;

import org.jspecify.annotations.NullMarked;
