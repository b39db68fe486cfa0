package io.tiphys.artifacts.oss;

import com.aliyun.oss.OSS;

/**
 * The SDK's clients of one endpoint and identity.
 *
 * @param client sums what it sends and compares that with what OSS has summed
 * @param reader for objects' content; sums nothing, as the SDK compares what it sums of a stream with nothing, and takes more time for it, in
 *     Java and twice, than for all the rest. Whoever reads a whole object knows its CRC64 and compares by himself.
 */
record OssClients(OSS client, OSS reader) {
    void shutdown() {
        client.shutdown();
        reader.shutdown();
    }
}
