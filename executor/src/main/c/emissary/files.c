#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

uint64_t time_of_change(const struct stat *s) {
    return (uint64_t)s->st_ctim.tv_sec * 1000000000 + (uint64_t)s->st_ctim.tv_nsec;
}

int open_file(const char *path, uint64_t changed, int *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* non-blocking: a FIFO must not hold us */
    struct stat s;
    *error = 0;
    if (file < 0) {
        *error = errno == ENXIO ? EINVAL : errno; /* a socket */
        return -1;
    }
    if (fstat(file, &s) != 0) {
        *error = errno;
    } else if (!S_ISREG(s.st_mode)) {
        *error = S_ISDIR(s.st_mode) ? EISDIR : EINVAL;
    } else if (changed && time_of_change(&s) != changed) {
        *error = ESTALE;
    }
    if (!*error) return file;
    close(file);
    return -1;
}

int close_file(int file, uint64_t changed) {
    struct stat s;
    int error = changed && (fstat(file, &s) != 0 || time_of_change(&s) != changed) ? ESTALE : 0;
    close(file);
    return error;
}
