#include "bytes.h"

#include <errno.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include "files.h"
#include "io.h"
#include "wire.h"

#define PAGES_CHUNK (1024 * 1024)

int answer_read(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer) {
    int error = 0, gone = 0, file = open_file(path, changed, &error);
    if (file < 0) return send_end(fd, error);
    while (!error && !gone && length > 0) {
        ssize_t n = pread(file, buffer, length < CHUNK ? (size_t)length : CHUNK, (off_t)offset);
        if (n < 0) {
            if (errno != EINTR) error = errno;
            continue;
        }
        if (n == 0) break;
        gone = send_chunk(fd, buffer, (size_t)n);
        offset += (uint64_t)n;
        length -= (uint64_t)n;
    }
    int stale = close_file(file, changed);
    return gone || send_end(fd, error ? error : stale);
}

/* Sends a chunk by its pages, which nobody copies before the executor does. What can't be sent that way is read; what isn't there any more
 * is made up for by zeros, as its length has been told by then, and *error says so. -1 when the other side is gone. */
static int send_pages(int fd, int file, uint64_t offset, size_t length, char *buffer, int *error) {
    char header[4];
    off_t at = (off_t)offset, end = at + (off_t)length;
    put(header, length, 4);
    if (write_all(fd, header, 4)) return -1;
    while (at < end) {
        ssize_t n = sendfile(fd, file, &at, (size_t)(end - at));
        if (n <= 0 && !(n < 0 && errno == EINTR)) break;
    }
    while (at < end) {
        size_t wanted = end - at < CHUNK ? (size_t)(end - at) : CHUNK;
        ssize_t n = *error ? 0 : pread(file, buffer, wanted, at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            if (!*error) *error = n < 0 ? errno : ESTALE;
            memset(buffer, 0, wanted);
            n = (ssize_t)wanted;
        }
        if (write_all(fd, buffer, (size_t)n)) return -1;
        at += n;
    }
    return 0;
}

int answer_pages(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer) {
    int error = 0, gone = 0, file = open_file(path, changed, &error);
    if (file < 0) return send_end(fd, error);
    struct stat s;
    uint64_t size = fstat(file, &s) == 0 ? (uint64_t)s.st_size : 0;
    uint64_t left = size < offset ? 0 : size - offset < length ? size - offset : length;
    while (!error && !gone && left > 0) {
        size_t n = left < PAGES_CHUNK ? (size_t)left : PAGES_CHUNK;
        gone = send_pages(fd, file, offset, n, buffer, &error);
        offset += n;
        left -= n;
    }
    int stale = close_file(file, changed);
    return gone || send_end(fd, error ? error : stale);
}
