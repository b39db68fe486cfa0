package io.tiphys.submitter.artifacts;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/** Buffers for what comes from the store: as large as the last reads say, and no larger than there are passages to share with. */
final class SharedReads implements RecvByteBufAllocator {
    private static final int FIRST_BYTES = 64 << 10;

    private final Lent lent;

    SharedReads(Lent lent) {
        this.lent = lent;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty's own handles have it, too
    public Handle newHandle() {
        Handle adaptive = new AdaptiveRecvByteBufAllocator(2048, FIRST_BYTES, Lent.LARGEST_READ_BYTES).newHandle();
        return new DelegatingHandle(adaptive) {
            @Override
            public ByteBuf allocate(ByteBufAllocator buffers) {
                return buffers.ioBuffer(guess());
            }

            @Override
            public int guess() {
                return Math.min(super.guess(), lent.largestRead());
            }
        };
    }
}
