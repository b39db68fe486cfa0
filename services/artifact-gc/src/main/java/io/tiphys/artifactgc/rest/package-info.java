/** What the submitter asks this service for, on behalf of people. Only services reach it: who may ask is the submitter's to decide. */
@NullMarked
package io.tiphys.artifactgc.rest;

import org.jspecify.annotations.NullMarked;
