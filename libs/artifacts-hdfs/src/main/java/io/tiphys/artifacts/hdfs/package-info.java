/** HDFS through its REST interface, WebHDFS. */
@NullMarked
package io.tiphys.artifacts.hdfs;

import org.jspecify.annotations.NullMarked;
