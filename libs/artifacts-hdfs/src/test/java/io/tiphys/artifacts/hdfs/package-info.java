@NullMarked
package io.tiphys.artifacts.hdfs;

import org.jspecify.annotations.NullMarked;
