/*
 * emissary: the small program that stands between a container's runtime and the user's command in a workflow pod.
 *
 *   emissary run --container NAME [--dir DIR] [--after NAME]... [--attempts N] [--pause MILLISECONDS]
 *                [--args-file FILE] [--env-file FILE] [--release-timeout SECONDS | --no-wait] -- [COMMAND [ARG...]]
 *   emissary await FILE [SECONDS]     wait until FILE exists; print it unless it says "ok"
 *   emissary install DEST             copy this program to DEST
 *   emissary names                    give files names that Java can't: reads orders from standard input, each of them a letter and two
 *                                     strings that end with a zero byte: r FROM TO renames, l TARGET LINK makes a symbolic link
 *
 * `run` waits until the executor has written DIR/staged; when that says anything but "ok", inputs could not be staged: `run` prints
 * it, leaves it as the termination message and exits with 125. (`await` is the executor's postStart hook. It does not fail then: a
 * failed hook would restart the executor for ever, while a failed main ends the pod.) Otherwise `run` starts COMMAND in a process group of its own, forwards signals to the group, reaps orphans, copies its output to our own
 * and to the files DIR/ctr/NAME/log and DIR/ctr/NAME/stdout where the executor has put such files, and answers the executor on
 * the socket DIR/ctr/NAME/sock: it describes, lists and reads files as this container sees them. It exits with COMMAND's exit
 * code (128 + n for signal n) once the executor says that outputs are safe, or when the executor has been silent for
 * --release-timeout seconds.
 *
 * What is too long for the pod's object comes in files of texts that each end with a NUL: --args-file goes on where the command line
 * ends, --env-file holds variables, NAME=VALUE. $(NAME) in them is replaced as the kubelet would have done it. Where the command line needs
 * it, COMMAND gets a larger stack limit, which is what Linux measures the space for arguments by; 6 MiB is the most that it gives.
 *
 * A container that begins when DIR/over is there, a sidecar that the kubelet was late with, has nothing left to do: COMMAND never
 * runs, and `run` exits with 0 at once.
 *
 * In a container set COMMAND starts once the containers named by --after have left exit code 0 in DIR/ctr/NAME/exitcode; when one of
 * them left another code, COMMAND never runs and `run` exits with 64. A COMMAND that fails is started again in place, --attempts times
 * in all, --pause apart. With ARGO_DEBUG_PAUSE_BEFORE or _AFTER set to "true" it waits for somebody to create the file
 * DIR/ctr/NAME/before (after), or Argo's /var/run/argo/ctr/NAME/before (after).
 *
 * Wire format, numbers big-endian. Request: op u8, path length u32, a u64, b u64, c u64, d u64, path. Answer: chunks (length u32, bytes), an
 * empty chunk, errno u32 (0: fine). A connection takes one request after the other; they may be sent before the answers are read.
 *   S stat PATH, following links -> entry        L list directory PATH -> entries, links not followed
 *   R read b bytes of PATH from offset a         D of the same bytes, for each piece of d: length u64, MD5 (16 bytes), CRC64 u64
 *   P as R, for whoever knows the sums already: what is written to the file before the executor has taken the bytes may be among them
 *   W wait for COMMAND's end -> exit code u32    K send signal a to the process group
 *   X outputs are safe: exit
 * R, P and D end with ESTALE when the file's time of change isn't c (nanoseconds since 1970; 0: whatever it is) before and after reading.
 * entry: mode u32, size u64, mtime seconds u64, mtime nanoseconds u32, ctime nanoseconds since 1970 u64, inode u64, uid u32, gid u32,
 * name length u16, name, link length u16, link.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "digest.h"

#define DEFAULT_DIR "/var/run/tiphys"
#define DEFAULT_RELEASE_TIMEOUT 1200
#define CHUNK (256 * 1024)
#define PAGES_CHUNK (1024 * 1024)
#define DIGEST_CHUNK (CHUNK / MD5_LANES) /* stays in the processor's nearest cache while it is summed twice */
#define MAX_DIGESTS 64                   /* in one answer */
#define LONGEST_STRING (128 * 1024)            /* Linux: MAX_ARG_STRLEN, the NUL included */
#define LONGEST_LINE (6 * 1024 * 1024)         /* Linux: the most for all arguments and variables, whatever the stack limit is */
#define STDOUT_KEPT (1024 * 1024) /* of the file stdout; what is older is given back to the disk */

#define ARGO_DIR "/var/run/argo"
#define MAX_DEPENDENCIES 512
#define TICK_NANOSECONDS (20 * 1000 * 1000) /* between looks at files that others are to create */

enum { USAGE = 64, DEPENDENCY_FAILED = 64, CANNOT_START = 125, NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    pid_t child;
    int exit_code;  /* -1 while the command runs */
    int drained;    /* everything the command wrote has been copied */
    int released;   /* the executor said that outputs are safe */
    time_t contact; /* when the executor last asked something */
} state = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, -1, 0, 0, 0};

static int drain_pipe[2];

/* What `run` was told. */
static struct {
    const char *container, *dir;
    char directory[PATH_MAX];
    const char *after[MAX_DEPENDENCIES];
    int after_count;
    long attempts;          /* left, the running one included */
    long long pause;        /* milliseconds between two attempts */
    long release_timeout;
    char **command;
    size_t command_size;    /* bytes that the kernel will count for command and environment; 0: short enough not to be counted */
} job = {.attempts = 1};

/* Where the command stands between its container's start and its end. */
static enum { WAITING, PAUSED_BEFORE, BACKING_OFF, RUNNING, PAUSED_AFTER, OVER } stage = WAITING;

static void say(const char *format, ...) {
    char line[2048];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length < 0) return;
    if (length > (int)sizeof line - 2) length = (int)sizeof line - 2;
    line[length] = '\n';
    if (write(2, "emissary: ", 10) < 0 || write(2, line, (size_t)length + 1) < 0) return;
}

static time_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

static void nap(void) {
    struct timespec t = {0, 10 * 1000 * 1000};
    nanosleep(&t, NULL);
}

/* Writes all of it; waits where the other side is slow. 0, or -1 when the other side is gone. */
static int write_all(int fd, const void *bytes, size_t length) {
    const char *at = bytes;
    while (length > 0) {
        ssize_t n = write(fd, at, length);
        if (n >= 0) {
            at += n;
            length -= (size_t)n;
        } else if (errno == EAGAIN) {
            struct pollfd p = {fd, POLLOUT, 0};
            poll(&p, 1, -1);
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return 0;
}

static int read_all(int fd, void *bytes, size_t length) {
    char *at = bytes;
    while (length > 0) {
        ssize_t n = read(fd, at, length);
        if (n > 0) {
            at += n;
            length -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return -1;
        }
    }
    return 0;
}

/* ---- numbers on the wire ---- */

static char *put(char *at, uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) *at++ = (char)(value >> (8 * i));
    return at;
}

static uint64_t get(const unsigned char *at, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | at[i];
    return value;
}

static int send_chunk(int fd, const void *bytes, size_t length) {
    char header[4];
    put(header, length, 4);
    return write_all(fd, header, 4) || write_all(fd, bytes, length) ? -1 : 0;
}

static int send_end(int fd, int error) {
    char end[8];
    put(put(end, 0, 4), (uint64_t)error, 4);
    return write_all(fd, end, 8);
}

/* ---- what the executor asks ---- */

static uint64_t time_of_change(const struct stat *s) {
    return (uint64_t)s->st_ctim.tv_sec * 1000000000 + (uint64_t)s->st_ctim.tv_nsec;
}

static int send_entry(int fd, const struct stat *s, const char *name, const char *link) {
    char entry[52 + NAME_MAX + 1 + PATH_MAX];
    size_t name_length = strnlen(name, NAME_MAX), link_length = strnlen(link, PATH_MAX - 1);
    char *at = put(entry, s->st_mode, 4);
    at = put(at, (uint64_t)s->st_size, 8);
    at = put(at, (uint64_t)s->st_mtim.tv_sec, 8);
    at = put(at, (uint64_t)s->st_mtim.tv_nsec, 4);
    at = put(at, time_of_change(s), 8);
    at = put(at, s->st_ino, 8);
    at = put(at, s->st_uid, 4);
    at = put(at, s->st_gid, 4);
    at = put(at, name_length, 2);
    memcpy(at, name, name_length);
    at = put(at + name_length, link_length, 2);
    memcpy(at, link, link_length);
    return send_chunk(fd, entry, (size_t)(at + link_length - entry));
}

static int answer_stat(int fd, const char *path) {
    struct stat s;
    if (stat(path, &s) != 0) return send_end(fd, errno);
    return send_entry(fd, &s, "", "") || send_end(fd, 0);
}

static int answer_list(int fd, const char *path) {
    DIR *directory = opendir(path);
    if (!directory) return send_end(fd, errno);
    int gone = 0, error = 0;
    while (!gone) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        if (!entry) {
            error = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        struct stat s;
        char link[PATH_MAX] = "";
        if (fstatat(dirfd(directory), entry->d_name, &s, AT_SYMLINK_NOFOLLOW) != 0) continue; /* removed meanwhile */
        if (S_ISLNK(s.st_mode)) {
            ssize_t n = readlinkat(dirfd(directory), entry->d_name, link, sizeof link - 1);
            link[n < 0 ? 0 : n] = 0;
        }
        gone = send_entry(fd, &s, entry->d_name, link);
    }
    closedir(directory);
    return gone || send_end(fd, error);
}

/* Opens a regular file that was last changed at `changed`; -1 with the reason in *error. */
static int open_file(const char *path, uint64_t changed, int *error) {
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

/* 0, or why what was read of the file doesn't count. */
static int close_file(int file, uint64_t changed) {
    struct stat s;
    int error = changed && (fstat(file, &s) != 0 || time_of_change(&s) != changed) ? ESTALE : 0;
    close(file);
    return error;
}

static int answer_read(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer) {
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

static int answer_pages(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, char *buffer) {
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

/* Reads until the end of the file at most; how much that was, or -1. */
static ssize_t read_at(int file, char *to, size_t length, uint64_t offset) {
    size_t done = 0;
    while (done < length) {
        ssize_t n = pread(file, to + done, length - done, (off_t)(offset + done));
        if (n > 0) {
            done += (size_t)n;
        } else if (n == 0) {
            break;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return (ssize_t)done;
}

struct digest {
    struct md5 md5;
    uint64_t crc;
};

/* Sums a piece; 0 or an errno. */
static int digest_piece(int file, uint64_t offset, uint64_t length, struct digest *sum, char *buffer) {
    while (length > 0) {
        size_t wanted = length < DIGEST_CHUNK ? (size_t)length : DIGEST_CHUNK;
        ssize_t n = read_at(file, buffer, wanted, offset);
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
            ssize_t n = read_at(file, at, length, offset + (uint64_t)lane * piece + done);
            if (n != (ssize_t)length) return n < 0 ? errno : ESTALE; /* it has become shorter */
            sums[lane].crc = crc64_add(sums[lane].crc, at, length);
        }
        md5_add_lanes(md5, buffer, DIGEST_CHUNK, length);
        done += length;
    }
    for (int lane = 0; lane < MD5_LANES; lane++) sums[lane].md5 = md5[lane];
    return 0;
}

/* What the executor has to know of parts before it sends them: summed here, their bytes cross the socket only once. */
static int answer_digest(int fd, const char *path, uint64_t offset, uint64_t length, uint64_t changed, uint64_t piece, char *buffer) {
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

static int answer_wait(int fd) {
    pthread_mutex_lock(&state.lock);
    while (state.exit_code < 0 || !state.drained) pthread_cond_wait(&state.changed, &state.lock);
    int code = state.exit_code;
    state.contact = now();
    pthread_mutex_unlock(&state.lock);
    char bytes[4];
    put(bytes, (uint64_t)code, 4);
    return send_chunk(fd, bytes, 4) || send_end(fd, 0);
}

static int answer_kill(int fd, int signal_number) {
    pthread_mutex_lock(&state.lock);
    int running = state.exit_code < 0 && state.child > 0;
    int error = !running ? ESRCH : kill(-state.child, signal_number) != 0 ? errno : 0;
    pthread_mutex_unlock(&state.lock);
    return send_end(fd, error);
}

static void release(void) {
    pthread_mutex_lock(&state.lock);
    state.released = 1;
    pthread_cond_broadcast(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

static void *serve_connection(void *argument) {
    int fd = (int)(intptr_t)argument;
    char *buffer = malloc(CHUNK);
    unsigned char header[37];
    char path[PATH_MAX];
    int gone = buffer == NULL;
    while (!gone && read_all(fd, header, sizeof header) == 0) {
        uint64_t path_length = get(header + 1, 4), a = get(header + 5, 8), b = get(header + 13, 8), c = get(header + 21, 8), d = get(header + 29, 8);
        if (path_length >= sizeof path || read_all(fd, path, path_length) != 0) break;
        path[path_length] = 0;
        pthread_mutex_lock(&state.lock);
        state.contact = now();
        pthread_mutex_unlock(&state.lock);
        switch (header[0]) {
            case 'S': gone = answer_stat(fd, path); break;
            case 'L': gone = answer_list(fd, path); break;
            case 'R': gone = answer_read(fd, path, a, b, c, buffer); break;
            case 'P': gone = answer_pages(fd, path, a, b, c, buffer); break;
            case 'D': gone = answer_digest(fd, path, a, b, c, d, buffer); break;
            case 'W': gone = answer_wait(fd); break;
            case 'K': gone = answer_kill(fd, (int)a); break;
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

static void start_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 128 * 1024);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int error = pthread_create(&thread, &attributes, body, argument);
    pthread_attr_destroy(&attributes);
    if (error) {
        say("cannot start a thread: %s", strerror(error));
        if (body == serve_connection) close((int)(intptr_t)argument);
    }
}

static void *serve(void *argument) {
    int listener = (int)(intptr_t)argument;
    for (;;) {
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            start_thread(serve_connection, (void *)(intptr_t)fd);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            nap(); /* out of descriptors: the executor tries again */
        }
    }
    return NULL;
}

/* Listens at a name of its own first and then takes the path: whoever sees a socket at the path can connect to it. */
static int listen_at(const char *path) {
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

/* ---- the command's output ---- */

struct stream {
    int from, to, log, copy;
    off_t copied;
};

/* Copies what is there; 0 when nothing is left now, -1 at the end. */
static int pump(struct stream *s, char *buffer) {
    ssize_t n = read(s->from, buffer, CHUNK);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) return -1;
    if (n < 0) return errno == EINTR;
    if (s->to >= 0 && write_all(s->to, buffer, (size_t)n) != 0) s->to = -1;
    if (s->log >= 0 && write_all(s->log, buffer, (size_t)n) != 0) {
        say("the log is no longer kept: %s", strerror(errno));
        s->log = -1;
    }
    if (s->copy >= 0) {
        if (write_all(s->copy, buffer, (size_t)n) != 0) {
            say("the output is no longer kept: %s", strerror(errno));
            s->copy = -1;
        }
        s->copied += n;
        if (s->copied > 2 * STDOUT_KEPT) { /* where the file system can't, the file just stays longer */
            fallocate(s->copy, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, s->copied - STDOUT_KEPT);
        }
    }
    return 1;
}

static void *pump_all(void *argument) {
    struct stream *streams = argument;
    char *buffer = malloc(CHUNK);
    int open_streams = buffer ? 2 : 0, drained = 0;
    struct pollfd p[3] = {{streams[0].from, POLLIN, 0}, {streams[1].from, POLLIN, 0}, {drain_pipe[0], POLLIN, 0}};
    while (!drained || open_streams > 0) {
        if (poll(p, 3, -1) < 0) continue;
        int ended = p[2].revents != 0;
        for (int i = 0; i < 2; i++) {
            int more = 1;
            while (p[i].fd >= 0 && more > 0) {
                more = pump(&streams[i], buffer);
                if (!ended) break; /* one read each, so that the two stay in order */
            }
            if (more < 0) {
                close(p[i].fd);
                p[i].fd = -1;
                open_streams--;
            }
        }
        if (ended) {
            p[2].fd = -1;
            p[2].revents = 0;
            drained = 1;
            pthread_mutex_lock(&state.lock);
            state.drained = 1;
            pthread_cond_broadcast(&state.changed);
            pthread_mutex_unlock(&state.lock);
        }
    }
    free(buffer);
    return NULL;
}

/* ---- running the command ---- */

static int open_if_there(const char *directory, const char *name) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
}

static int explain_failed_start(const char *command, int error) {
    if (error == E2BIG) {
        say("cannot run \"%s\": its arguments and variables have %zu bytes, and Linux takes at most %d in all, and at most %d in one:"
            " pass them in a file, as an input artifact",
            command, job.command_size, LONGEST_LINE, LONGEST_STRING - 1);
        return NOT_EXECUTABLE;
    }
    if (error == ENOENT && strchr(command, '/') == NULL) {
        const char *path = getenv("PATH");
        say("cannot run \"%s\": not found in PATH (%s)", command, path ? path : "not set");
        return NOT_FOUND;
    }
    if (error == ENOENT) {
        say(access(command, F_OK) == 0 ? "cannot run \"%s\": its interpreter or loader does not exist in this image"
                                       : "cannot run \"%s\": no such file",
            command);
        return NOT_FOUND;
    }
    say("cannot run \"%s\": %s", command, strerror(error));
    return NOT_EXECUTABLE;
}

/* Raises the stack limit so that the kernel, which gives a quarter of it to arguments and variables, takes so many bytes of them. */
static void make_room(size_t size) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    rlim_t wanted = 4 * ((rlim_t)size + 64 * 1024);
    if (limit.rlim_cur >= wanted) return;
    limit.rlim_cur = limit.rlim_max != RLIM_INFINITY && limit.rlim_max < wanted ? limit.rlim_max : wanted;
    setrlimit(RLIMIT_STACK, &limit); /* what it doesn't give, exec refuses */
}

/* Starts the command with its output in the two pipes; its errno when that fails, 0 when it runs. */
static int start(char **command, int out, int err, const sigset_t *original_mask) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t pid = fork();
    if (pid < 0) return errno;
    if (pid == 0) {
        setpgid(0, 0);
        if (isatty(0)) tcsetpgrp(0, getpid());
        dup2(out, 1);
        dup2(err, 2);
        signal(SIGPIPE, SIG_DFL);
        signal(SIGTTOU, SIG_DFL);
        sigprocmask(SIG_SETMASK, original_mask, NULL);
        if (job.command_size > 0) make_room(job.command_size);
        execvp(command[0], command);
        int error = errno;
        if (write(report[1], &error, sizeof error) < 0) _exit(CANNOT_START);
        _exit(NOT_FOUND);
    }
    setpgid(pid, pid); /* also here: a signal may come before the child got that far */
    close(report[1]);
    int error = 0;
    if (read_all(report[0], &error, sizeof error) != 0) error = 0;
    close(report[0]);
    if (error == 0) {
        pthread_mutex_lock(&state.lock);
        state.child = pid;
        pthread_mutex_unlock(&state.lock);
    } else {
        waitpid(pid, NULL, 0);
    }
    return error;
}

/* The command's end; left is what those that wait for this container are to see. */
static void ended_leaving(int code, int left) {
    char path[PATH_MAX], half[PATH_MAX], text[16];
    stage = OVER;
    snprintf(path, sizeof path, "%s/exitcode", job.directory);
    snprintf(half, sizeof half, "%s/.exitcode", job.directory);
    int fd = open(half, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int length = snprintf(text, sizeof text, "%d\n", left);
    if (fd < 0 || write_all(fd, text, (size_t)length) != 0 || close(fd) != 0 || rename(half, path) != 0) {
        say("cannot leave the exit code at %s: %s", path, strerror(errno));
    }
    if (write(drain_pipe[1], "", 1) < 0) say("cannot tell that the command ended: %s", strerror(errno));
    pthread_mutex_lock(&state.lock);
    state.exit_code = code;
    state.contact = now();
    pthread_cond_broadcast(&state.changed);
    pthread_mutex_unlock(&state.lock);
}

static void ended(int code) { ended_leaving(code, code); }

/* Leaves text where the kubelet looks for a container's last words. */
static void last_words(const char *text) {
    say("%s", text);
    int fd = open("/dev/termination-log", O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write_all(fd, text, strlen(text)) == 0) close(fd);
}

/* The exit code that a container of the set has left, or -1 while it runs. */
static int exit_code_of(const char *container) {
    char path[PATH_MAX];
    int code = -1;
    snprintf(path, sizeof path, "%s/ctr/%s/exitcode", job.dir, container);
    FILE *in = fopen(path, "re");
    if (!in) return -1;
    if (fscanf(in, "%d", &code) != 1) code = -1;
    fclose(in);
    return code;
}

/* 1: all have succeeded, 0: one still runs, -1: one failed and the command will never start. */
static int dependencies_are_met(void) {
    int met = 1;
    for (int i = 0; i < job.after_count; i++) {
        int code = exit_code_of(job.after[i]);
        if (code < 0) {
            met = 0;
        } else if (code > 0) {
            char text[512];
            snprintf(text, sizeof text, "dependency \"%s\" exited with non-zero code: %d", job.after[i], code);
            last_words(text);
            ended_leaving(DEPENDENCY_FAILED, code);
            return -1;
        }
    }
    return met;
}

static int is_asked_to_pause(const char *variable) {
    const char *value = getenv(variable);
    return value && strcmp(value, "true") == 0;
}

/* Whether somebody has created the file that ends a pause. */
static int is_let_go(const char *marker) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", job.directory, marker);
    if (access(path, F_OK) == 0) return 1;
    snprintf(path, sizeof path, ARGO_DIR "/ctr/%s/%s", job.container, marker);
    return access(path, F_OK) == 0;
}

/* So that `touch /var/run/argo/ctr/NAME/before`, as Argo's users know it, works. */
static void make_argo_directory(void) {
    char path[PATH_MAX];
    if (strcmp(job.dir, DEFAULT_DIR) != 0) return; /* in no container of its own */
    mkdir(ARGO_DIR, 0777);
    mkdir(ARGO_DIR "/ctr", 0777);
    snprintf(path, sizeof path, ARGO_DIR "/ctr/%s", job.container);
    if (mkdir(path, 0777) == 0) chmod(path, 0777);
}

static struct timespec resume_at; /* end of the pause between two attempts */
static int paused_code;           /* exit code to leave after ARGO_DEBUG_PAUSE_AFTER */

static void attempt_over(int code) {
    if (code != 0 && job.attempts > 1) {
        job.attempts--;
        clock_gettime(CLOCK_MONOTONIC, &resume_at);
        resume_at.tv_sec += job.pause / 1000;
        resume_at.tv_nsec += (job.pause % 1000) * 1000000;
        if (resume_at.tv_nsec >= 1000000000) {
            resume_at.tv_sec++;
            resume_at.tv_nsec -= 1000000000;
        }
        say("attempt ended with exit code %d; %ld left", code, job.attempts);
        stage = BACKING_OFF;
    } else if (is_asked_to_pause("ARGO_DEBUG_PAUSE_AFTER")) {
        paused_code = code;
        stage = PAUSED_AFTER;
    } else {
        ended(code);
    }
}

static void reap(void) {
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
        if (pid != state.child || stage != RUNNING) continue;
        pthread_mutex_lock(&state.lock);
        state.child = 0;
        pthread_mutex_unlock(&state.lock);
        attempt_over(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
    }
}

static int await_release(long timeout) {
    struct timespec until;
    pthread_mutex_lock(&state.lock);
    while (!state.drained) pthread_cond_wait(&state.changed, &state.lock);
    while (!state.released && timeout > 0) {
        long silent = now() - state.contact;
        if (silent >= timeout) {
            say("the executor has been silent for %ld s; outputs may be lost", silent);
            break;
        }
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += timeout - silent;
        pthread_cond_timedwait(&state.changed, &state.lock, &until);
    }
    int code = state.exit_code;
    pthread_mutex_unlock(&state.lock);
    return code;
}

static void *exit_when_released(void *argument) {
    pthread_mutex_lock(&state.lock);
    while (state.exit_code < 0) pthread_cond_wait(&state.changed, &state.lock);
    pthread_mutex_unlock(&state.lock);
    _exit(await_release((long)(intptr_t)argument));
}

/* Waits for the file; its text goes to text. 0: it is there, -1: it did not come in time. */
static int await(const char *file, long seconds, char *text, size_t size) {
    for (time_t begin = now();; nap()) {
        FILE *in = fopen(file, "re");
        if (in) {
            size_t length = fread(text, 1, size - 1, in);
            fclose(in);
            while (length > 0 && text[length - 1] == '\n') length--;
            text[length] = 0;
            return 0;
        }
        if (seconds > 0 && now() - begin >= seconds) {
            say("%s did not come within %ld s", file, seconds);
            return -1;
        }
    }
}

static int await_and_tell(const char *file, long seconds) {
    char text[4096];
    if (await(file, seconds, text, sizeof text) != 0) return 1;
    if (strcmp(text, "ok") != 0) fprintf(stderr, "%s\n", text);
    return 0;
}

/* Whether the command may start; otherwise says why, also where the kubelet looks for a container's last words. */
static int inputs_are_staged(const char *dir) {
    char path[PATH_MAX], text[4096];
    snprintf(path, sizeof path, "%s/staged", dir);
    await(path, 0, text, sizeof text);
    if (strcmp(text, "ok") == 0) return 1;
    last_words(text);
    return 0;
}

/* Whether the executor has already told the sidecars to end. It writes the file before it looks for their sockets, and we look for the
 * file after our socket is there: whoever comes second sees the other. */
static int is_over(void) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/over", job.dir);
    return access(path, F_OK) == 0;
}

static void start_attempt(int out, int err, const sigset_t *original_mask) {
    stage = RUNNING;
    int error = start(job.command, out, err, original_mask);
    if (error) {
        job.attempts = 1; /* what can't start won't start next time */
        attempt_over(explain_failed_start(job.command[0], error));
    }
}

/* Takes the command as far as it can go now. */
static void advance(int out, int err, const sigset_t *original_mask) {
    if (stage == WAITING && dependencies_are_met() > 0) {
        stage = PAUSED_BEFORE;
    }
    if (stage == PAUSED_BEFORE && (!is_asked_to_pause("ARGO_DEBUG_PAUSE_BEFORE") || is_let_go("before"))) {
        if (is_over()) _exit(0);
        start_attempt(out, err, original_mask);
    }
    if (stage == BACKING_OFF) {
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        if (t.tv_sec > resume_at.tv_sec || (t.tv_sec == resume_at.tv_sec && t.tv_nsec >= resume_at.tv_nsec)) {
            start_attempt(out, err, original_mask);
        }
    }
    if (stage == PAUSED_AFTER && is_let_go("after")) ended(paused_code);
}

/* A signal from outside: for the command while it runs; otherwise a wish to end takes effect here. */
static void on_signal(int signal_number) {
    int ends = signal_number == SIGTERM || signal_number == SIGINT || signal_number == SIGQUIT || signal_number == SIGHUP;
    if (ends) job.attempts = 1;
    pthread_mutex_lock(&state.lock);
    if (state.child > 0 && state.exit_code < 0) kill(-state.child, signal_number);
    pthread_mutex_unlock(&state.lock);
    if (ends && stage != RUNNING && stage != OVER) ended(stage == PAUSED_AFTER ? paused_code : 128 + signal_number);
}

static int run(void) {
    const char *directory = job.directory;
    char path[PATH_MAX];
    sigset_t all, original;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &original);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (mkdir(directory, 0777) == 0) chmod(directory, 0777);
    snprintf(path, sizeof path, "%s/sock", directory);
    int listener = listen_at(path), out[2], err[2];
    if (listener < 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 || pipe2(drain_pipe, O_CLOEXEC) != 0) {
        say("cannot listen at %s: %s", path, strerror(errno));
        return CANNOT_START;
    }
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    static struct stream streams[2];
    int log = open_if_there(directory, "log");
    streams[0] = (struct stream){out[0], 1, log, open_if_there(directory, "stdout"), 0};
    streams[1] = (struct stream){err[0], 2, log, -1, 0};
    state.contact = now();

    crc64_prepare();
    start_thread(pump_all, streams);
    start_thread(serve, (void *)(intptr_t)listener);
    start_thread(exit_when_released, (void *)(intptr_t)job.release_timeout);
    if (is_asked_to_pause("ARGO_DEBUG_PAUSE_BEFORE") || is_asked_to_pause("ARGO_DEBUG_PAUSE_AFTER")) make_argo_directory();
    for (;;) {
        advance(out[1], err[1], &original);
        if (stage == OVER && out[1] >= 0) {
            close(out[1]);
            close(err[1]);
            out[1] = err[1] = -1;
        }
        struct timespec tick = {0, TICK_NANOSECONDS};
        siginfo_t info;
        int signal_number = stage == RUNNING || stage == OVER ? sigwaitinfo(&all, &info) : sigtimedwait(&all, &info, &tick);
        if (signal_number == SIGCHLD) {
            reap();
        } else if (signal_number > 0 && signal_number != SIGTTOU && signal_number != SIGTTIN) {
            on_signal(signal_number);
        }
    }
}

static int install(const char *destination) {
    char temporary[PATH_MAX], buffer[64 * 1024];
    snprintf(temporary, sizeof temporary, "%s.%d", destination, (int)getpid());
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int to = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    int failed = from < 0 || to < 0;
    for (ssize_t n; !failed && (n = read(from, buffer, sizeof buffer)) != 0;) {
        failed = n < 0 || write_all(to, buffer, (size_t)n) != 0;
    }
    /* renamed into place, so that nobody ever starts half of it */
    if (failed || fchmod(to, 0755) != 0 || close(to) != 0 || rename(temporary, destination) != 0) {
        say("cannot install as %s: %s", destination, strerror(errno));
        unlink(temporary);
        return 1;
    }
    return 0;
}

/* Reads up to a zero byte; 0, or -1 when the input ends before or the string is longer than a path. */
static int read_string(FILE *in, char *to) {
    for (int n = 0; n < PATH_MAX; n++) {
        int c = getc(in);
        if (c == EOF) return -1;
        to[n] = (char)c;
        if (c == 0) return 0;
    }
    return -1;
}

static int give_names(void) {
    static char first[PATH_MAX], second[PATH_MAX];
    for (int order; (order = getchar()) != EOF;) {
        if (read_string(stdin, first) != 0 || read_string(stdin, second) != 0) {
            say("an order ends early or has a path that is too long");
            return 1;
        }
        /* what isn't there was left out of the archive */
        int failed = order == 'r' ? rename(first, second) != 0 && errno != ENOENT : order != 'l' || symlink(first, second) != 0;
        if (failed) {
            say("cannot make %s: %s", second, strerror(errno));
            return 1;
        }
    }
    return 0;
}

/* ---- command lines and environments in files ---- */

/* The whole file, a NUL behind it; NULL when it can't be read, which is said. */
static char *whole_file(const char *path, size_t *size) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat s;
    char *text = NULL;
    if (fd >= 0 && fstat(fd, &s) == 0 && (text = malloc((size_t)s.st_size + 1)) != NULL
        && read_all(fd, text, (size_t)s.st_size) == 0) {
        *size = (size_t)s.st_size;
        text[*size] = 0;
    } else {
        say("cannot read %s: %s", path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (fd >= 0) close(fd);
    return text;
}

/* Kubernetes' expansion: $(NAME) is the variable's value, where there is such a variable, and $$ is $. Writes to `to` where that isn't
 * NULL; returns the length. */
static size_t expand_into(const char *text, char *to) {
    size_t length = 0;
    while (*text) {
        const char *from = text;
        size_t count = 1;
        const char *end = text[0] == '$' && text[1] == '(' ? strchr(text, ')') : NULL;
        text++;
        if (from[0] == '$' && from[1] == '$') {
            text++;
        } else if (end) {
            char *name = strndup(from + 2, (size_t)(end - from - 2));
            const char *value = name ? getenv(name) : NULL;
            free(name);
            count = (size_t)(end - from + 1);
            text = end + 1;
            if (value) {
                from = value;
                count = strlen(value);
            }
        }
        if (to) memcpy(to + length, from, count);
        length += count;
    }
    if (to) to[length] = 0;
    return length;
}

static char *expand(char *text) {
    if (!strchr(text, '$')) return text;
    char *expanded = malloc(expand_into(text, NULL) + 1);
    if (expanded) expand_into(text, expanded);
    return expanded;
}

/* Sets the variables of the file. 0, or -1 when that failed, which is said. */
static int take_environment(const char *path) {
    size_t size;
    char *text = whole_file(path, &size);
    if (!text) return -1;
    for (char *at = text; at < text + size; at += strlen(at) + 1) {
        char *equal = strchr(at, '=');
        if (!equal) continue;
        *equal = 0;
        char *value = expand(equal + 1);
        int failed = !value || setenv(at, value, 1) != 0;
        *equal = '='; /* the end of this text is found behind it */
        if (failed) {
            say("cannot set a variable of %s: %s", path, strerror(errno));
            return -1;
        }
    }
    free(text);
    return 0;
}

/* The command line with what the file adds; NULL when that failed, which is said. */
static char **with_arguments(char **command, const char *path) {
    size_t size, count = 1;
    char *text = whole_file(path, &size);
    if (!text) return NULL;
    for (char **argument = command; *argument; argument++) count++;
    for (char *at = text; at < text + size; at += strlen(at) + 1) count++;
    char **line = malloc(count * sizeof *line), **next = line;
    while (line && *command) *next++ = *command++;
    for (char *at = text; line && at < text + size; at += strlen(at) + 1) {
        if ((*next++ = expand(at)) == NULL) line = NULL;
    }
    if (!line) {
        say("cannot read %s: %s", path, strerror(ENOMEM));
        return NULL;
    }
    *next = NULL;
    return line;
}

/* What the kernel counts for these texts; -1 when one of them is longer than it takes, which is said. */
static ssize_t size_of(char **texts, const char *what) {
    ssize_t size = 0;
    for (int i = 0; texts[i]; i++) {
        size_t length = strlen(texts[i]) + 1;
        if (length > LONGEST_STRING) {
            char reason[512];
            snprintf(reason, sizeof reason, "%s %d (\"%.40s...\") has %zu bytes, and Linux takes at most %d in one: pass it in a file, as an"
                     " input artifact", what, i, texts[i], length - 1, LONGEST_STRING - 1);
            last_words(reason);
            return -1;
        }
        size += (ssize_t)(length + sizeof(char *));
    }
    return size;
}

/* Completes the command line and the environment from these files; either may be NULL. */
static int take_files(const char *arguments, const char *environment) {
    if (environment && take_environment(environment) != 0) return -1;
    if (arguments && (job.command = with_arguments(job.command, arguments)) == NULL) return -1;
    ssize_t of_command = size_of(job.command, "argument"), of_environment = size_of(environ, "variable");
    if (of_command < 0 || of_environment < 0) return -1;
    job.command_size = (size_t)(of_command + of_environment);
    return 0;
}

static int usage(void) {
    fprintf(stderr, "usage: emissary run --container NAME [--dir DIR] [--after NAME]... [--attempts N] [--pause MILLISECONDS]\n"
                    "                    [--args-file FILE] [--env-file FILE] [--release-timeout SECONDS | --no-wait] -- COMMAND...\n"
                    "       emissary await FILE [SECONDS]\n"
                    "       emissary install DEST\n"
                    "       emissary names < ORDERS\n");
    return USAGE;
}

static int run_from_arguments(int count, char **arguments) {
    const char *timeout = getenv("TIPHYS_RELEASE_TIMEOUT");
    const char *args_file = NULL, *env_file = NULL;
    job.dir = getenv("TIPHYS_DIR");
    int i = 2;
    for (; i < count && strcmp(arguments[i], "--") != 0; i++) {
        const char *option = arguments[i];
        if (strcmp(option, "--no-wait") == 0) {
            timeout = "0";
        } else if (i + 1 == count) {
            return usage();
        } else if (strcmp(option, "--container") == 0) {
            job.container = arguments[++i];
        } else if (strcmp(option, "--dir") == 0) {
            job.dir = arguments[++i];
        } else if (strcmp(option, "--after") == 0 && job.after_count < MAX_DEPENDENCIES) {
            job.after[job.after_count++] = arguments[++i];
        } else if (strcmp(option, "--attempts") == 0) {
            job.attempts = atol(arguments[++i]);
        } else if (strcmp(option, "--pause") == 0) {
            job.pause = atoll(arguments[++i]);
        } else if (strcmp(option, "--args-file") == 0) {
            args_file = arguments[++i];
        } else if (strcmp(option, "--env-file") == 0) {
            env_file = arguments[++i];
        } else if (strcmp(option, "--release-timeout") == 0) {
            timeout = arguments[++i];
        } else {
            return usage();
        }
    }
    if (!job.container || strchr(job.container, '/') || i >= count || (i + 1 == count && !args_file)) return usage();
    if (!job.dir) job.dir = DEFAULT_DIR;
    if (!inputs_are_staged(job.dir)) return CANNOT_START;
    snprintf(job.directory, sizeof job.directory, "%s/ctr/%s", job.dir, job.container);
    job.command = arguments + i + 1;
    if ((args_file || env_file) && take_files(args_file, env_file) != 0) return CANNOT_START;
    if (!job.command[0]) return usage();
    job.release_timeout = timeout ? atol(timeout) : DEFAULT_RELEASE_TIMEOUT;
    return run();
}

int main(int count, char **arguments) {
    if (count >= 3 && strcmp(arguments[1], "run") == 0) return run_from_arguments(count, arguments);
    if (count >= 3 && strcmp(arguments[1], "await") == 0) return await_and_tell(arguments[2], count > 3 ? atol(arguments[3]) : 0);
    if (count == 3 && strcmp(arguments[1], "install") == 0) return install(arguments[2]);
    if (count == 2 && strcmp(arguments[1], "names") == 0) return give_names();
    return usage();
}
