#include "server.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "bytes.h"
#include "clock.h"
#include "digest.h"
#include "entries.h"
#include "io.h"
#include "state.h"
#include "thread.h"
#include "wire.h"

static int answer_wait(int fd) {
    char bytes[4];
    put(bytes, (uint64_t)await_end(), 4);
    return send_chunk(fd, bytes, 4) || send_end(fd, 0);
}

static void *serve_connection(void *argument) {
    int fd = (int)(intptr_t)argument;
    char *buffer = malloc(CHUNK);
    unsigned char header[37];
    char path[PATH_MAX];
    int gone = buffer == NULL;
    while (!gone && read_all(fd, header, sizeof header) == 0) {
        uint64_t path_length = get(header + 1, 4), a = get(header + 5, 8), b = get(header + 13, 8), c = get(header + 21, 8);
        uint64_t d = get(header + 29, 8);
        if (path_length >= sizeof path || read_all(fd, path, path_length) != 0) break;
        path[path_length] = 0;
        executor_was_heard();
        switch (header[0]) {
            case 'S': gone = answer_stat(fd, path); break;
            case 'L': gone = answer_list(fd, path); break;
            case 'R': gone = answer_read(fd, path, a, b, c, buffer); break;
            case 'P': gone = answer_pages(fd, path, a, b, c, buffer); break;
            case 'D': gone = answer_digest(fd, path, a, b, c, d, buffer); break;
            case 'W': gone = answer_wait(fd); break;
            case 'K': gone = send_end(fd, signal_command((int)a)); break;
            case 'X':
                gone = send_end(fd, 0);
                release();
                break;
            default: gone = 1;
        }
    }
    free(buffer);
    close(fd);
    return NULL;
}

static void *accept_all(void *argument) {
    int listener = (int)(intptr_t)argument;
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            if (start_thread(serve_connection, (void *)(intptr_t)fd) != 0) close(fd);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            nap(); /* out of descriptors: the executor tries again */
        }
    }
    return NULL;
}

void serve(int listener) {
    prepare_digests();
    start_thread(accept_all, (void *)(intptr_t)listener);
}

/* Listens at a name of its own first and then takes the path: whoever sees a socket at the path can connect to it. */
int listen_at(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof address.sun_path, "%s.new", path) >= (int)sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    unlink(address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) return -1;
    chmod(address.sun_path, 0777); /* the executor may run as another user */
    return listen(fd, 64) == 0 && rename(address.sun_path, path) == 0 ? fd : -1;
}
