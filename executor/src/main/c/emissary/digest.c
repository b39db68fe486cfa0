#include "digest.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

#include "../sums.h"
#include "files.h"
#include "io.h"
#include "wire.h"

#define DIGEST_CHUNK (CHUNK / MD5_LANES) /* stays in the processor's nearest cache while it is summed twice */
#define MAX_DIGESTS 64                   /* in one answer */

struct digest {
    struct md5 md5;
    uint64_t crc;
};

void prepare_digests(void) { crc64_prepare(); }

/* Sums a piece; 0 or an errno. */
static int digest_piece(int file, uint64_t offset, uint64_t length, struct digest *sum, char *buffer) {
    while (length > 0) {
        size_t wanted = length < DIGEST_CHUNK ? (size_t)length : DIGEST_CHUNK;
        ssize_t n = read_at(file, buffer, wanted, (off_t)offset);
        if (n < 0) return errno;
        md5_add(&sum->md5, buffer, (size_t)n);
        sum->crc = crc64_add(sum->crc, buffer, (size_t)n);
        if ((size_t)n < wanted) break;
        offset += (uint64_t)n;
        length -= (uint64_t)n;
    }
    return 0;
}

/* Sums as many pieces as MD5 has lanes, all at once. */
static int digest_lanes(int file, uint64_t offset, uint64_t piece, struct digest *sums, char *buffer) {
    struct md5 md5[MD5_LANES];
    for (int lane = 0; lane < MD5_LANES; lane++) md5[lane] = sums[lane].md5;
    for (uint64_t done = 0; done < piece;) {
        size_t length = piece - done < DIGEST_CHUNK ? (size_t)(piece - done) : DIGEST_CHUNK;
        for (int lane = 0; lane < MD5_LANES; lane++) {
            char *at = buffer + lane * DIGEST_CHUNK;
            ssize_t n = read_at(file, at, length, (off_t)(offset + (uint64_t)lane * piece + done));
            if (n != (ssize_t)length) return n < 0 ? errno : ESTALE; /* it has become shorter */
            sums[lane].crc = crc64_add(sums[lane].crc, at, length);
        }
        md5_add_lanes(md5, buffer, DIGEST_CHUNK, length);
        done += length;
    }
    for (int lane = 0; lane < MD5_LANES; lane++) sums[lane].md5 = md5[lane];
    return 0;
}

int answer_digest(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, uint64_t piece, char *buffer) {
    uint64_t count = piece == 0 || length == 0 ? 1 : (length + piece - 1) / piece;
    if (count > MAX_DIGESTS) return send_end(fd, E2BIG);
    int error = 0, file = open_file(path, changed, &error);
    if (file < 0) return send_end(fd, error);
    struct digest *sums = calloc(count, sizeof *sums);
    char *answer = malloc(count * 32), *at = answer;
    if (!sums || !answer) error = ENOMEM;
    for (uint64_t n = 0; !error && n < count; n++) {
        md5_begin(&sums[n].md5);
        sums[n].crc = crc64_begin();
    }
    for (uint64_t n = 0; !error && n < count;) {
        uint64_t from = n * piece, left = length - from;
        if (count > 1 && piece % 64 == 0 && left >= piece * MD5_LANES) {
            error = digest_lanes(file, offset + from, piece, sums + n, buffer);
            n += MD5_LANES;
        } else {
            error = digest_piece(file, offset + from, count > 1 && left > piece ? piece : left, sums + n, buffer);
            n++;
        }
    }
    int stale = close_file(file, changed);
    for (uint64_t n = 0; !error && n < count; n++) {
        at = put(at, sums[n].md5.length, 8);
        md5_end(&sums[n].md5, (unsigned char *)at);
        at = put(at + 16, crc64_end(sums[n].crc), 8);
    }
    int gone = error || stale ? send_end(fd, error ? error : stale) : send_chunk(fd, answer, count * 32) || send_end(fd, 0);
    free(sums);
    free(answer);
    return gone;
}
