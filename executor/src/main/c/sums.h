/*
 * The two sums that object storage keeps of what it gets: MD5 (RFC 1321) and CRC-64 as ECMA-182 defines it, bits reflected (the "XZ"
 * variant). MD5 is here because nothing else in a container can be counted on, not to keep secrets. The CRC goes by
 * multiplication where the processor has one without carry, else sixteen bytes at a time by table. For little-endian processors, as all are that run Kubernetes.
 */
#include <stdint.h>
#include <string.h>

#define MAYBE_UNUSED __attribute__((unused))
#ifdef __x86_64__
#include <immintrin.h>
#endif

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the sums are written for little-endian processors");

#define CRC64_POLYNOMIAL 0xC96C5795D7870F42u

static uint64_t crc64_tables[16][256];

static void crc64_prepare(void) {
    for (int n = 0; n < 256; n++) {
        uint64_t crc = (uint64_t)n;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (-(crc & 1) & CRC64_POLYNOMIAL);
        crc64_tables[0][n] = crc;
    }
    for (int n = 0; n < 256; n++) {
        for (int t = 1; t < 16; t++) {
            uint64_t before = crc64_tables[t - 1][n];
            crc64_tables[t][n] = crc64_tables[0][before & 0xff] ^ (before >> 8);
        }
    }
}

MAYBE_UNUSED static uint64_t crc64_begin(void) { return ~(uint64_t)0; }

MAYBE_UNUSED static uint64_t crc64_end(uint64_t crc) { return ~crc; }

static uint64_t crc64_by_table(uint64_t crc, const unsigned char *at, size_t length) {
    for (; length >= 16; at += 16, length -= 16) {
        uint64_t a, b;
        memcpy(&a, at, 8);
        memcpy(&b, at + 8, 8);
        a ^= crc;
        crc = 0;
        for (int n = 0; n < 8; n++) crc ^= crc64_tables[15 - n][a >> (8 * n) & 0xff] ^ crc64_tables[7 - n][b >> (8 * n) & 0xff];
    }
    while (length-- > 0) crc = crc64_tables[0][(crc ^ *at++) & 0xff] ^ (crc >> 8);
    return crc;
}

#ifdef __x86_64__
#define WITH_CLMUL __attribute__((target("pclmul,sse4.1")))

/* Takes 128 bits of remainder some bits further on: by[0] is x^(bits + 63), by[1] x^(bits - 1) modulo the polynomial, bits reflected. */
WITH_CLMUL static inline __m128i crc64_fold(__m128i remainder, __m128i by) {
    return _mm_xor_si128(_mm_clmulepi64_si128(remainder, by, 0x00), _mm_clmulepi64_si128(remainder, by, 0x11));
}

/* Multiplies without carry (Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", Intel 2009): four
 * remainders side by side, then one, whose sixteen bytes have the CRC that all of them had. Takes 128 bytes and more. */
WITH_CLMUL static uint64_t crc64_by_clmul(uint64_t crc, const unsigned char *at, size_t length) {
    const __m128i by512 = _mm_set_epi64x(0x081f6054a7842df4, 0x6ae3efbb9dd441f3);
    const __m128i by128 = _mm_set_epi64x((long long)0xdabe95afc7875f40, (long long)0xe05dd497ca393ae4);
    __m128i lanes[4];
    unsigned char last[16];
    for (int n = 0; n < 4; n++) lanes[n] = _mm_loadu_si128((const __m128i *)at + n);
    lanes[0] = _mm_xor_si128(lanes[0], _mm_set_epi64x(0, (long long)crc));
    for (at += 64, length -= 64; length >= 64; at += 64, length -= 64) {
        for (int n = 0; n < 4; n++) lanes[n] = _mm_xor_si128(crc64_fold(lanes[n], by512), _mm_loadu_si128((const __m128i *)at + n));
    }
    for (int n = 1; n < 4; n++) lanes[n] = _mm_xor_si128(crc64_fold(lanes[n - 1], by128), lanes[n]);
    _mm_storeu_si128((__m128i *)last, lanes[3]);
    return crc64_by_table(crc64_by_table(0, last, sizeof last), at, length);
}
#endif

MAYBE_UNUSED static uint64_t crc64_add(uint64_t crc, const void *bytes, size_t length) {
#ifdef __x86_64__
    if (length >= 128 && __builtin_cpu_supports("pclmul")) return crc64_by_clmul(crc, bytes, length);
#endif
    return crc64_by_table(crc, bytes, length);
}

struct md5 {
    uint32_t state[4];
    uint64_t length;
    unsigned char rest[64]; /* what doesn't fill a block yet */
};

/* RFC 1321: the integer part of 2^32 times |sin(n + 1)|. */
static const uint32_t md5_constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1,
    0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453,
    0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
    0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

static const int md5_shifts[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

#define MD5_STEP(mixed, word, n)                                                                                    \
    do {                                                                                                            \
        uint32_t sum = a + (mixed) + md5_constants[n] + words[word];                                                \
        int shift = md5_shifts[(n) / 16][(n) % 4];                                                                  \
        a = d, d = c, c = b, b += sum << shift | sum >> (32 - shift);                                               \
    } while (0)

static void md5_blocks(struct md5 *md5, const unsigned char *at, size_t blocks) {
    for (; blocks > 0; at += 64, blocks--) {
        uint32_t words[16], a = md5->state[0], b = md5->state[1], c = md5->state[2], d = md5->state[3];
        memcpy(words, at, 64);
#pragma GCC unroll 16
        for (int n = 0; n < 16; n++) MD5_STEP(d ^ (b & (c ^ d)), n, n);
#pragma GCC unroll 16
        for (int n = 16; n < 32; n++) MD5_STEP(c ^ (d & (b ^ c)), (5 * n + 1) % 16, n);
#pragma GCC unroll 16
        for (int n = 32; n < 48; n++) MD5_STEP(b ^ c ^ d, (3 * n + 5) % 16, n);
#pragma GCC unroll 16
        for (int n = 48; n < 64; n++) MD5_STEP(c ^ (b | ~d), 7 * n % 16, n);
        md5->state[0] += a, md5->state[1] += b, md5->state[2] += c, md5->state[3] += d;
    }
}

MAYBE_UNUSED static void md5_begin(struct md5 *md5) {
    static const uint32_t start[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
    memcpy(md5->state, start, sizeof start);
    md5->length = 0;
}

MAYBE_UNUSED static void md5_add(struct md5 *md5, const void *bytes, size_t length) {
    const unsigned char *at = bytes;
    size_t filled = md5->length % 64;
    md5->length += length;
    if (filled > 0) {
        size_t n = length < 64 - filled ? length : 64 - filled;
        memcpy(md5->rest + filled, at, n);
        if (filled + n < 64) return;
        md5_blocks(md5, md5->rest, 1);
        at += n;
        length -= n;
    }
    md5_blocks(md5, at, length / 64);
    memcpy(md5->rest, at + length / 64 * 64, length % 64);
}

MAYBE_UNUSED static void md5_end(struct md5 *md5, unsigned char *sum) {
    static const unsigned char padding[64] = {0x80};
    uint64_t bits = md5->length * 8;
    md5_add(md5, padding, 1 + (119 - md5->length % 64) % 64);
    md5_add(md5, &bits, 8);
    memcpy(sum, md5->state, 16);
}

/* Several MD5 sums at once, of as many pieces of one length: what takes one lane of the processor's vectors takes all of them. */
#define MD5_LANES 8
typedef uint32_t md5_lanes __attribute__((vector_size(4 * MD5_LANES)));

#define MD5_LANES_STEP(mixed, word, n)                                          \
    do {                                                                        \
        md5_lanes sum = a + (mixed) + md5_constants[n] + words[word];           \
        int shift = md5_shifts[(n) / 16][(n) % 4];                              \
        a = d, d = c, c = b, b += sum << shift | sum >> (32 - shift);           \
    } while (0)

#define ALWAYS_INLINE inline __attribute__((always_inline))

static ALWAYS_INLINE void md5_lanes_rounds(md5_lanes *state, const md5_lanes *words) {
    md5_lanes a = state[0], b = state[1], c = state[2], d = state[3];
#pragma GCC unroll 16
    for (int n = 0; n < 16; n++) MD5_LANES_STEP(d ^ (b & (c ^ d)), n, n);
#pragma GCC unroll 16
    for (int n = 16; n < 32; n++) MD5_LANES_STEP(c ^ (d & (b ^ c)), (5 * n + 1) % 16, n);
#pragma GCC unroll 16
    for (int n = 32; n < 48; n++) MD5_LANES_STEP(b ^ c ^ d, (3 * n + 5) % 16, n);
#pragma GCC unroll 16
    for (int n = 48; n < 64; n++) MD5_LANES_STEP(c ^ (b | ~d), 7 * n % 16, n);
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
}

static void md5_lanes_plain(md5_lanes *state, const unsigned char *at, size_t stride, size_t blocks) {
    for (; blocks > 0; at += 64, blocks--) {
        md5_lanes words[16];
        for (int lane = 0; lane < MD5_LANES; lane++) {
            uint32_t block[16];
            memcpy(block, at + (size_t)lane * stride, 64);
            for (int n = 0; n < 16; n++) words[n][lane] = block[n];
        }
        md5_lanes_rounds(state, words);
    }
}

#ifdef __x86_64__
#define WITH_AVX2 __attribute__((target("avx2")))
#define WITH_AVX512 __attribute__((target("avx512f,avx512vl")))

/* Half a block of each lane, turned around: the first words of all lanes, the second ones, and so on to the eighth. */
WITH_AVX2 static ALWAYS_INLINE void md5_lanes_turn(md5_lanes *words, const unsigned char *at, size_t stride) {
    __m256i rows[8], pairs[8], quads[8];
    for (int n = 0; n < 8; n++) rows[n] = _mm256_loadu_si256((const __m256i *)(at + (size_t)n * stride));
    for (int n = 0; n < 8; n += 2) {
        pairs[n] = _mm256_unpacklo_epi32(rows[n], rows[n + 1]);
        pairs[n + 1] = _mm256_unpackhi_epi32(rows[n], rows[n + 1]);
    }
    for (int n = 0; n < 8; n += 4) {
        quads[n] = _mm256_unpacklo_epi64(pairs[n], pairs[n + 2]);
        quads[n + 1] = _mm256_unpackhi_epi64(pairs[n], pairs[n + 2]);
        quads[n + 2] = _mm256_unpacklo_epi64(pairs[n + 1], pairs[n + 3]);
        quads[n + 3] = _mm256_unpackhi_epi64(pairs[n + 1], pairs[n + 3]);
    }
    for (int n = 0; n < 4; n++) {
        words[n] = (md5_lanes)_mm256_permute2x128_si256(quads[n], quads[n + 4], 0x20);
        words[n + 4] = (md5_lanes)_mm256_permute2x128_si256(quads[n], quads[n + 4], 0x31);
    }
}

#define MD5_LANES_TURNED                               \
    for (; blocks > 0; at += 64, blocks--) {           \
        md5_lanes words[16];                           \
        md5_lanes_turn(words, at, stride);             \
        md5_lanes_turn(words + 8, at + 32, stride);    \
        md5_lanes_rounds(state, words);                \
    }

WITH_AVX2 static void md5_lanes_avx2(md5_lanes *state, const unsigned char *at, size_t stride, size_t blocks) { MD5_LANES_TURNED }

/* The same instructions' successors: one for what takes two or three there, a turn of all lanes and a choice between bits. */
WITH_AVX512 static void md5_lanes_avx512(md5_lanes *state, const unsigned char *at, size_t stride, size_t blocks) { MD5_LANES_TURNED }
#endif

/* Adds `length` bytes, a multiple of 64, to each of the sums; the bytes of the next lane lie `stride` further on. All have the same length. */
MAYBE_UNUSED static void md5_add_lanes(struct md5 *md5, const void *bytes, size_t stride, size_t length) {
    md5_lanes state[4];
    for (int lane = 0; lane < MD5_LANES; lane++) {
        for (int n = 0; n < 4; n++) state[n][lane] = md5[lane].state[n];
        md5[lane].length += length;
    }
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512vl")) {
        md5_lanes_avx512(state, bytes, stride, length / 64);
    } else if (__builtin_cpu_supports("avx2")) {
        md5_lanes_avx2(state, bytes, stride, length / 64);
    } else
#endif
        md5_lanes_plain(state, bytes, stride, length / 64);
    for (int lane = 0; lane < MD5_LANES; lane++) {
        for (int n = 0; n < 4; n++) md5[lane].state[n] = state[n][lane];
    }
}
