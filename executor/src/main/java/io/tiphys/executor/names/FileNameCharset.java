package io.tiphys.executor.names;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;

/** The charset of {@link FileNames}. For whole names only: what its decoder is given at once is taken to be all there is. */
final class FileNameCharset extends Charset {
    private static final char ESCAPE = 0xDC00;

    FileNameCharset() {
        super(FileNames.CHARSET, null);
    }

    @Override
    public boolean contains(Charset charset) {
        return charset.equals(this) || charset.equals(UTF_8);
    }

    @Override
    public CharsetDecoder newDecoder() {
        return new CharsetDecoder(this, 1, 1) {
            @Override
            protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
                while (in.hasRemaining()) {
                    int at = in.position();
                    int length = lengthAt(in, at);
                    int point = length == 0 ? ESCAPE + (in.get(at) & 0xff) : point(in, at, length);
                    if (out.remaining() < Character.charCount(point)) {
                        return CoderResult.OVERFLOW;
                    }
                    if (Character.isBmpCodePoint(point)) {
                        out.put((char) point);
                    } else {
                        out.put(Character.highSurrogate(point)).put(Character.lowSurrogate(point));
                    }
                    in.position(at + Math.max(1, length));
                }
                return CoderResult.UNDERFLOW;
            }
        };
    }

    /** Bytes of the character that begins there; 0 when none does (Unicode, table 3-7). */
    private static int lengthAt(ByteBuffer in, int at) {
        int first = in.get(at) & 0xff;
        if (first < 0x80) {
            return 1;
        }
        int length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
        if (length == 0 || at + length > in.limit()) {
            return 0;
        }
        int second = in.get(at + 1) & 0xff;
        int from = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int to = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < from || second > to) {
            return 0;
        }
        for (int n = 2; n < length; n++) {
            if ((in.get(at + n) & 0xC0) != 0x80) {
                return 0;
            }
        }
        return length;
    }

    private static int point(ByteBuffer in, int at, int length) {
        int point = length == 1 ? in.get(at) : in.get(at) & (0x7f >> length);
        for (int n = 1; n < length; n++) {
            point = point << 6 | (in.get(at + n) & 0x3f);
        }
        return point;
    }

    @Override
    public CharsetEncoder newEncoder() {
        return new CharsetEncoder(this, 1.5f, 4, new byte[] {'?'}) {
            @Override
            protected CoderResult encodeLoop(CharBuffer in, ByteBuffer out) {
                while (in.hasRemaining()) {
                    int at = in.position();
                    char c = in.get(at);
                    boolean pair = Character.isHighSurrogate(c);
                    if (pair && in.remaining() < 2) {
                        return CoderResult.UNDERFLOW;
                    }
                    if (pair && !Character.isLowSurrogate(in.get(at + 1))) {
                        return CoderResult.malformedForLength(1);
                    }
                    if (!pair && Character.isSurrogate(c) && (c < ESCAPE + 0x80 || c > ESCAPE + 0xff)) {
                        return CoderResult.malformedForLength(1);
                    }
                    var bytes = !pair && Character.isSurrogate(c)
                            ? new byte[] {(byte) (c - ESCAPE)}
                            : in.subSequence(0, pair ? 2 : 1).toString().getBytes(UTF_8);
                    if (out.remaining() < bytes.length) {
                        return CoderResult.OVERFLOW;
                    }
                    out.put(bytes);
                    in.position(at + (pair ? 2 : 1));
                }
                return CoderResult.UNDERFLOW;
            }
        };
    }
}
