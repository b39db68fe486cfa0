package io.tiphys.artifacts.oss;

import com.aliyun.oss.OSS;

/**
 * The SDK's clients of one endpoint and identity.
 *
 * @param client sums what it sends and compares that with what OSS has summed
 * @param reader for objects' content; doesn't sum it. The SDK sums a stream in Java, twice, which takes more time than all the rest, and
 *     compares that with nothing unless it is asked to: the executor and {@code artifact verify} compare with the kept CRC64 themselves.
 *     One of the two sums can be turned off; the other one is only around the stream that the SDK's object hands out
 */
record OssClients(OSS client, OSS reader) {
    void shutdown() {
        client.shutdown();
        reader.shutdown();
    }
}
