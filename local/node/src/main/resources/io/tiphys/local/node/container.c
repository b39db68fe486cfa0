/*
 * Starts containers for the node: processes in their own mount, PID and UTS namespace on an overlay of the host's root.
 *
 *   container serve SOCKET [rootless]     listens; ends when standard input ends. "rootless": a user namespace, even for root
 *
 * Each connection is one container (or one command inside a running one) and has one supervisor process. The client sends a
 * specification: records of a tag and text, each ended by a zero byte, the last one ".". The supervisor answers with lines:
 *
 *   S<pid>                     the command runs
 *   F<message>                 it could not be started (one line)
 *   X<code> <length>\n<bytes>  it ended (128 + signal if killed), with the captured output, if that was asked for
 *
 * Afterwards each byte that the client sends is a signal number for the command. When the connection ends, the
 * container is killed: nothing outlives the node. Records:
 *
 *   R<dir>    mount point of the root        L<dirs>  overlay's lower layers        U<dir> upper        W<dir> work
 *   T<dir>    mount a tmpfs here first (upper and work lie in it)
 *   b<flags>\1<source>\1<target>             bind mount; flags: r read-only, f the target is a file, o skip if impossible,
 *             c a copy of the file instead, which the container may change
 *   t<options>\1<target>                     tmpfs          h<target>  hide a folder, if it is there
 *   a<arg>  e<NAME=value>  w<working dir>  u<uid>  g<gid>  G<supplementary gid>  n<host name>  r  (root read-only)
 *   l<file>   log file, CRI format           c<n>  capture up to n bytes of output instead
 *   i<address>  IPv4 address in 127.0.0.0/8 that is the pod's own: see addresses.h
 *   E<pid>    run inside the container whose first process this is
 *   p         the command isn't the first process: an init is, which hands signals on
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "addresses.h"

#define MAX_LINE 16384
#define MAX_SPEC (8 << 20)

struct spec {
    char **records;
    size_t count;
    const char *root, *lower, *upper, *work, *tmpfs, *workdir, *hostname, *logfile;
    char **argv, **envp;
    gid_t groups[64];
    int group_count;
    const char *address;
    long uid, gid, capture, inside;
    int readonly, init;
};

static int rootless;
static int failure_fd = -1;

static void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));

/* In the container's first process, before the command runs: tells the supervisor why not. */
static void fail(const char *format, ...) {
    char text[2048];
    int error = errno;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length >= (int)sizeof text) length = sizeof text - 1;
    if (error && length < (int)sizeof text - 1)
        length += snprintf(text + length, sizeof text - (size_t)length, ": %s", strerror(error));
    if (length >= (int)sizeof text) length = sizeof text - 1;
    if (write(failure_fd, text, (size_t)length) < 0) _exit(127);
    _exit(128);
}

static void write_all(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        bytes += n;
        length -= (size_t)n;
    }
}

static int write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t n = write(fd, text, strlen(text));
    close(fd);
    return n < 0 ? -1 : 0;
}

/* ---- specification ---- */

static char *read_spec(int fd, size_t *size) {
    size_t capacity = 65536, length = 0;
    char *bytes = malloc(capacity);
    while (bytes) {
        if (length >= 2 && bytes[length - 1] == 0 && bytes[length - 2] == '.' && (length == 2 || bytes[length - 3] == 0)) {
            *size = length;
            return bytes;
        }
        if (length == capacity) {
            if (capacity >= MAX_SPEC) return NULL;
            capacity *= 2;
            bytes = realloc(bytes, capacity);
            if (!bytes) return NULL;
        }
        ssize_t n = read(fd, bytes + length, capacity - length);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return NULL;
        length += (size_t)n;
    }
    return NULL;
}

static void parse_spec(struct spec *spec, char *bytes, size_t size) {
    size_t count = 0;
    for (size_t i = 0; i < size; i++) count += bytes[i] == 0;
    spec->records = calloc(count + 1, sizeof(char *));
    spec->argv = calloc(count + 1, sizeof(char *));
    spec->envp = calloc(count + 1, sizeof(char *));
    size_t args = 0, envs = 0;
    spec->uid = spec->gid = -1;
    for (char *record = bytes; record < bytes + size; record += strlen(record) + 1) {
        char *text = record + 1;
        switch (record[0]) {
        case 'R': spec->root = text; break;
        case 'L': spec->lower = text; break;
        case 'U': spec->upper = text; break;
        case 'W': spec->work = text; break;
        case 'T': spec->tmpfs = text; break;
        case 'a': spec->argv[args++] = text; break;
        case 'e': spec->envp[envs++] = text; break;
        case 'w': spec->workdir = text; break;
        case 'u': spec->uid = atol(text); break;
        case 'g': spec->gid = atol(text); break;
        case 'G':
            if (spec->group_count < 64) spec->groups[spec->group_count++] = (gid_t)atol(text);
            break;
        case 'n': spec->hostname = text; break;
        case 'r': spec->readonly = 1; break;
        case 'p': spec->init = 1; break;
        case 'l': spec->logfile = text; break;
        case 'c': spec->capture = atol(text); break;
        case 'i': spec->address = text; break;
        case 'E': spec->inside = atol(text); break;
        case '.': return;
        default: spec->records[spec->count++] = record; break;
        }
    }
}

/* ---- the container's file system ---- */

static void make_dirs(const char *path, mode_t mode) {
    char copy[4096];
    if (snprintf(copy, sizeof copy, "%s", path) >= (int)sizeof copy) return;
    for (char *p = copy + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            mkdir(copy, 0755);
            *p = '/';
        }
    mkdir(copy, mode);
}

/* The overlays that stand for the image: what is removed there is removed for the container alone. */
static dev_t overlays[64];
static size_t overlay_count;

static int is_in_overlay(const char *target) {
    char folder[4096];
    struct stat st;
    if (snprintf(folder, sizeof folder, "%s", target) >= (int)sizeof folder) return 0;
    char *slash = strrchr(folder, '/');
    if (!slash) return 0;
    slash[slash == folder] = 0;
    if (stat(folder, &st) < 0) return 0;
    for (size_t i = 0; i < overlay_count; i++)
        if (overlays[i] == st.st_dev) return 1;
    return 0;
}

/* A file in the way of a folder is the host's, and the image, for which the host's files stand, hasn't it: it gives way. One in a volume
   is somebody's, and stays: the mount is refused. */
static void make_target(const char *target, int file) {
    struct stat st;
    if (stat(target, &st) == 0 && (file || S_ISDIR(st.st_mode) || !is_in_overlay(target) || unlink(target) < 0)) return;
    if (!file) {
        make_dirs(target, 0755);
        return;
    }
    char copy[4096];
    snprintf(copy, sizeof copy, "%s", target);
    char *slash = strrchr(copy, '/');
    if (slash && slash != copy) {
        *slash = 0;
        make_dirs(copy, 0755);
    }
    int fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0644);
    if (fd >= 0) close(fd);
}

static int remount_readonly(const char *target) {
    struct statvfs fs;
    unsigned long flags = MS_REMOUNT | MS_BIND | MS_RDONLY;
    if (statvfs(target, &fs) == 0) {
        if (fs.f_flag & ST_NOSUID) flags |= MS_NOSUID;
        if (fs.f_flag & ST_NODEV) flags |= MS_NODEV;
        if (fs.f_flag & ST_NOEXEC) flags |= MS_NOEXEC;
        if (fs.f_flag & ST_NOATIME) flags |= MS_NOATIME;
        if (fs.f_flag & ST_NODIRATIME) flags |= MS_NODIRATIME;
        if (fs.f_flag & ST_RELATIME) flags |= MS_RELATIME;
    }
    return mount(NULL, target, NULL, flags, NULL);
}

static int copy_file(const char *source, const char *target) {
    char bytes[65536];
    ssize_t n = -1;
    struct stat st;
    int in = open(source, O_RDONLY | O_CLOEXEC);
    int out = in < 0 || fstat(in, &st) < 0 ? -1 : open(target, O_WRONLY | O_TRUNC | O_CLOEXEC);
    while (out >= 0 && (n = read(in, bytes, sizeof bytes)) > 0) write_all(out, bytes, (size_t)n);
    if (out >= 0) fchmod(out, st.st_mode & 0777);
    if (in >= 0) close(in);
    if (out >= 0) close(out);
    return n == 0 ? 0 : -1;
}

/* The working directory is the old root here, so a source is its path without the leading slash. */
static void bind_mount(char *record) {
    char *flags = record + 1;
    char *source = strchr(flags, 1);
    char *target = source ? strchr(source + 1, 1) : NULL;
    if (!target) {
        errno = 0;
        fail("malformed mount");
    }
    *source++ = 0;
    *target++ = 0;
    while (*source == '/') source++;
    int optional = strchr(flags, 'o') != NULL;
    make_target(target, strchr(flags, 'f') != NULL);
    if (strchr(flags, 'c')) {
        if (copy_file(source, target) < 0 && !optional) fail("cannot copy /%s to %s", source, target);
        return;
    }
    if (mount(*source ? source : ".", target, NULL, MS_BIND | MS_REC, NULL) < 0) {
        if (optional) return;
        fail("cannot mount /%s on %s", source, target);
    }
    if (strchr(flags, 'r') && remount_readonly(target) < 0 && !optional) fail("cannot make %s read-only", target);
}

static void tmpfs_mount(char *record) {
    char *options = record + 1;
    char *target = strchr(options, 1);
    if (!target) return;
    *target++ = 0;
    make_target(target, 0);
    if (mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, options) < 0) fail("cannot mount tmpfs on %s", target);
}

static void hide(const char *target) {
    struct stat st;
    if (stat(target, &st) == 0 && S_ISDIR(st.st_mode))
        if (mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,mode=555") < 0)
            fail("cannot hide %s", target);
}

static void device(const char *name, int minor_number, int major_number) {
    char path[64];
    snprintf(path, sizeof path, "/dev/%s", name);
    if (!rootless) {
        if (mknod(path, S_IFCHR | 0666, makedev(major_number, minor_number)) == 0) {
            chmod(path, 0666);
            return;
        }
    }
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666);
    if (fd >= 0) close(fd);
    if (mount(path + 1, path, NULL, MS_BIND, NULL) < 0) fail("cannot provide %s", path);
}

static void devices(void) {
    make_target("/dev", 0);
    if (mount("tmpfs", "/dev", "tmpfs", MS_NOSUID, "mode=755,size=16m") < 0) fail("cannot mount /dev");
    device("null", 3, 1);
    device("zero", 5, 1);
    device("full", 7, 1);
    device("random", 8, 1);
    device("urandom", 9, 1);
    device("tty", 0, 5);
    if (symlink("/proc/self/fd", "/dev/fd") < 0 || symlink("/proc/self/fd/0", "/dev/stdin") < 0
        || symlink("/proc/self/fd/1", "/dev/stdout") < 0 || symlink("/proc/self/fd/2", "/dev/stderr") < 0)
        fail("cannot fill /dev");
    mkdir("/dev/shm", 01777);
    chmod("/dev/shm", 01777);
    mkdir("/dev/pts", 0755);
}

static void system_mounts(void) {
    make_target("/proc", 0);
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
        if (mount("proc", "/proc", NULL, MS_BIND | MS_REC, NULL) < 0) fail("cannot mount /proc");
    make_target("/sys", 0);
    if (mount("sys", "/sys", NULL, rootless ? MS_BIND | MS_REC : MS_BIND, NULL) == 0) remount_readonly("/sys");
    devices();
}

static int overlay_mount(const char *lower, const char *upper, const char *work, const char *target) {
    size_t size = strlen(lower) + strlen(upper) + strlen(work) + 128;
    char *options = malloc(size);
    /* Volatile: nothing of it outlives the container, so nothing needs to reach the disk when it ends. */
    const char *variants[] = {",volatile", "", ",volatile,userxattr", ",userxattr"};
    int first = rootless ? 2 : 0;
    int result = -1;
    for (int i = first; i < first + 2 && result < 0; i++) {
        snprintf(options, size, "lowerdir=%s,upperdir=%s,workdir=%s%s", lower, upper, work, variants[i]);
        result = mount("overlay", target, "overlay", 0, options);
    }
    free(options);
    struct stat st;
    if (result == 0 && overlay_count < sizeof overlays / sizeof *overlays && stat(target, &st) == 0)
        overlays[overlay_count++] = st.st_dev;
    return result;
}

/*
 * Without being root, an overlay of / is refused, because that could show what lies beneath the mounts on it. So the root is a folder of
 * ours, with an overlay for each folder in /; what can't be overlaid is read-only, what can't be read is empty.
 */
static void overlay_folders(struct spec *spec) {
    if (mount(spec->root, spec->root, NULL, MS_BIND, NULL) < 0) fail("cannot mount %s", spec->root);
    DIR *dir = opendir("/");
    struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        const char *name = entry->d_name;
        char host[300], target[4096], upper[4096], work[4096], link[4096];
        struct stat st;
        snprintf(host, sizeof host, "/%s", name);
        if (name[0] == '.' || lstat(host, &st) < 0) continue;
        int fits = snprintf(target, sizeof target, "%s/%s", spec->root, name) < (int)sizeof target
                   && snprintf(upper, sizeof upper, "%s/%s", spec->upper, name) < (int)sizeof upper
                   && snprintf(work, sizeof work, "%s/%s", spec->work, name) < (int)sizeof work;
        if (!fits) continue;
        if (S_ISLNK(st.st_mode)) {
            ssize_t n = readlink(host, link, sizeof link - 1);
            if (n > 0) {
                link[n] = 0;
                if (symlink(link, target) < 0) continue;
            }
            continue;
        }
        if (!S_ISDIR(st.st_mode) || mkdir(target, 0755) < 0) continue;
        if (!strcmp(name, "proc") || !strcmp(name, "sys") || !strcmp(name, "dev") || !strcmp(name, "tmp") || !strcmp(name, "run")
            || access(host, R_OK | X_OK) < 0)
            continue;
        mkdir(upper, 0755);
        mkdir(work, 0755);
        if (overlay_mount(host, upper, work, target) < 0 && mount(host, target, NULL, MS_BIND | MS_REC, NULL) == 0)
            remount_readonly(target);
    }
    if (dir) closedir(dir);
}

static void overlay(struct spec *spec) {
    if (spec->tmpfs && mount("tmpfs", spec->tmpfs, "tmpfs", 0, "mode=755") < 0) fail("cannot mount tmpfs on %s", spec->tmpfs);
    make_dirs(spec->upper, 0755);
    make_dirs(spec->work, 0755);
    make_dirs(spec->root, 0755);
    if (rootless) overlay_folders(spec);
    else if (overlay_mount(spec->lower, spec->upper, spec->work, spec->root) < 0)
        fail("the kernel refuses an overlay of / (upper layer %s)", spec->upper);
}

static void file_system(struct spec *spec) {
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) fail("the kernel refuses a mount namespace of our own");
    overlay(spec);
    int old_root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (chdir(spec->root) < 0 || syscall(SYS_pivot_root, ".", ".") < 0 || fchdir(old_root) < 0)
        fail("cannot change to the root %s", spec->root);
    system_mounts();
    for (size_t i = 0; i < spec->count; i++) {
        char *record = spec->records[i];
        switch (record[0]) {
        case 'b': bind_mount(record); break;
        case 't': tmpfs_mount(record); break;
        case 'h': hide(record + 1); break;
        default: break;
        }
    }
    if (umount2(".", MNT_DETACH) < 0 || chdir("/") < 0) fail("cannot leave the old root");
    close(old_root);
    if (spec->readonly && remount_readonly("/") < 0) fail("cannot make the root read-only");
}

/* ---- the command ---- */

static void become_user(struct spec *spec) {
    if (rootless) return;
    if (spec->group_count || spec->uid > 0 || spec->gid > 0)
        if (setgroups((size_t)spec->group_count, spec->groups) < 0) fail("cannot set groups");
    if (spec->gid >= 0 && setgid((gid_t)spec->gid) < 0) fail("cannot become group %ld", spec->gid);
    if (spec->uid >= 0 && setuid((uid_t)spec->uid) < 0) fail("cannot become user %ld", spec->uid);
}

static const char *find_env(struct spec *spec, const char *name) {
    size_t length = strlen(name);
    const char *found = NULL;
    for (char **e = spec->envp; *e; e++)
        if (strncmp(*e, name, length) == 0 && (*e)[length] == '=') found = *e + length + 1;
    return found;
}

/* Where the filter's other end goes to. */
static int calls_fd = -1;

static void run_command(struct spec *spec) __attribute__((noreturn));

static void run_command(struct spec *spec) {
    if (spec->workdir && *spec->workdir) {
        make_dirs(spec->workdir, 0755);
        if (chdir(spec->workdir) < 0) fail("cannot enter the working directory %s", spec->workdir);
    }
    if (spec->address && calls_fd >= 0) {
        int listener = filter_addresses();
        if (listener >= 0) {
            send_fd(calls_fd, listener);
            close(listener);
        }
        close(calls_fd);
    }
    become_user(spec);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int s = 1; s < 32; s++) signal(s, SIG_DFL);
    umask(022);
    const char *name = spec->argv[0];
    if (!name || !*name) {
        errno = 0;
        fail("no command specified");
    }
    if (strchr(name, '/')) {
        execve(name, spec->argv, spec->envp);
        fail("exec: \"%s\"", name);
    }
    const char *path = find_env(spec, "PATH");
    if (!path || !*path) path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    int denied = 0;
    while (path) {
        char candidate[4096];
        const char *colon = strchr(path, ':');
        int length = colon ? (int)(colon - path) : (int)strlen(path);
        snprintf(candidate, sizeof candidate, "%.*s/%s", length ? length : 1, length ? path : ".", name);
        execve(candidate, spec->argv, spec->envp);
        if (errno == EACCES) denied = 1;
        else if (errno != ENOENT && errno != ENOTDIR) fail("exec: \"%s\"", candidate);
        path = colon ? colon + 1 : NULL;
    }
    errno = 0;
    fail(denied ? "exec: \"%s\": permission denied" : "exec: \"%s\": executable file not found in $PATH", name);
}

static void standard_streams(int out, int err) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(null, 0);
    dup2(out, 1);
    dup2(err, 2);
}

/* What a first process has no handler for never reaches it; what stands behind an init is a process like any other. */
static void run_behind_init(struct spec *spec) __attribute__((noreturn));

static void run_behind_init(struct spec *spec) {
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    pid_t charge = fork();
    if (charge < 0) fail("cannot start a process");
    if (charge == 0) run_command(spec);
    close(failure_fd);
    if (calls_fd >= 0) close(calls_fd);
    for (;;) {
        int got = sigwaitinfo(&all, NULL);
        if (got > 0 && got != SIGCHLD) kill(charge, got);
        int status;
        pid_t ended;
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
            if (ended == charge) _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
}

static void first_process(struct spec *spec, int out, int err, uid_t uid, gid_t gid) {
    if (rootless) {
        char map[64];
        write_file("/proc/self/setgroups", "deny");
        snprintf(map, sizeof map, "0 %u 1", (unsigned)uid);
        if (write_file("/proc/self/uid_map", map) < 0) fail("the kernel refuses a user namespace for uid %u", (unsigned)uid);
        snprintf(map, sizeof map, "0 %u 1", (unsigned)gid);
        if (write_file("/proc/self/gid_map", map) < 0) fail("the kernel refuses a user namespace for gid %u", (unsigned)gid);
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    file_system(spec);
    setsid();
    if (spec->hostname && *spec->hostname && sethostname(spec->hostname, strlen(spec->hostname)) < 0)
        fail("cannot set the host name");
    standard_streams(out, err);
    if (spec->init) run_behind_init(spec);
    run_command(spec);
}

static void join(long pid, const char *name, int optional) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/ns/%s", pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) fail("the container has ended");
    if (setns(fd, 0) < 0 && !optional) fail("cannot enter the container's %s namespace", name);
    close(fd);
}

/* A process in between, because a PID namespace takes effect for children only. */
static void inside_process(struct spec *spec, int out, int err) {
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (rootless) join(spec->inside, "user", 0);
    join(spec->inside, "pid", 0);
    join(spec->inside, "uts", 0);
    join(spec->inside, "mnt", 0);
    pid_t child = fork();
    if (child < 0) fail("cannot start a process");
    if (child == 0) {
        setsid();
        dup2(null, 0);
        dup2(out, 1);
        dup2(err, 2);
        run_command(spec);
    }
    close(failure_fd);
    close(calls_fd);
    close(out);
    close(err);
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/* ---- the supervisor ---- */

struct stream {
    int fd;
    const char *name;
    char line[MAX_LINE];
    size_t length;
};

static char log_buffer[4 * MAX_LINE];
static size_t log_length;

static void flush_log(int log) {
    write_all(log, log_buffer, log_length);
    log_length = 0;
}

static void log_line(int log, struct stream *s, char kind) {
    if (log_length + s->length + 64 > sizeof log_buffer) flush_log(log);
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    char *to = log_buffer + log_length;
    size_t n = strftime(to, 32, "%Y-%m-%dT%H:%M:%S", &utc);
    n += (size_t)snprintf(to + n, 64, ".%09ldZ %s %c ", now.tv_nsec, s->name, kind);
    memcpy(to + n, s->line, s->length);
    to[n + s->length] = '\n';
    log_length += n + s->length + 1;
    s->length = 0;
}

/* False when the stream has ended. */
static int pump(struct spec *spec, int log, struct stream *s, char *captured, size_t *captured_length) {
    char bytes[65536];
    ssize_t n = read(s->fd, bytes, sizeof bytes);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    if (n == 0) {
        if (s->length > 0 && log >= 0) {
            log_line(log, s, 'P');
            flush_log(log);
        }
        return 0;
    }
    if (captured) {
        size_t room = (size_t)spec->capture - *captured_length;
        size_t take = (size_t)n < room ? (size_t)n : room;
        memcpy(captured + *captured_length, bytes, take);
        *captured_length += take;
    }
    if (log >= 0) {
        char *at = bytes, *end = bytes + n;
        while (at < end) {
            size_t room = MAX_LINE - 64 - s->length;
            size_t left = (size_t)(end - at);
            char *newline = memchr(at, '\n', left < room ? left : room);
            size_t take = newline ? (size_t)(newline - at) : left < room ? left : room;
            memcpy(s->line + s->length, at, take);
            s->length += take;
            at += take;
            if (newline) {
                at++;
                log_line(log, s, 'F');
            } else if (s->length >= MAX_LINE - 64) {
                log_line(log, s, 'P');
            }
        }
        flush_log(log);
    }
    return 1;
}

static void report_failure(int conn, const char *message, size_t length) {
    char text[2100] = "F";
    size_t n = 1;
    for (size_t i = 0; i < length && n < sizeof text - 2; i++) text[n++] = message[i] == '\n' ? ' ' : message[i];
    text[n++] = '\n';
    write_all(conn, text, n);
}

static void supervise(int conn, struct spec *spec) {
    int out[2], err[2], failure[2], calls[2];
    int log = -1;
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (spec->logfile && (log = open(spec->logfile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) < 0) {
        const char *text = "cannot open the log file";
        report_failure(conn, text, strlen(text));
        return;
    }
    if (pipe2(out, O_CLOEXEC) < 0 || pipe2(err, O_CLOEXEC) < 0 || pipe2(failure, O_CLOEXEC) < 0) return;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, calls) < 0) return;
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    int signals = signalfd(-1, &mask, SFD_CLOEXEC);
    unsigned long flags = SIGCHLD;
    if (!spec->inside) flags |= CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWUTS | (rootless ? CLONE_NEWUSER : 0);
    pid_t child = (pid_t)syscall(SYS_clone, flags, 0, 0, 0, 0);
    if (child == 0) {
        failure_fd = failure[1];
        calls_fd = calls[1];
        if (spec->inside) inside_process(spec, out[1], err[1]);
        first_process(spec, out[1], err[1], uid, gid);
    }
    int clone_error = errno;
    close(out[1]);
    close(err[1]);
    close(failure[1]);
    close(calls[1]);
    if (child < 0) {
        char text[256];
        int n = snprintf(text, sizeof text, "the kernel refuses %s: %s",
                         rootless ? "user namespaces (run as root, or allow them: kernel.unprivileged_userns_clone, "
                                    "kernel.apparmor_restrict_unprivileged_userns)"
                                  : "mount and PID namespaces",
                         strerror(clone_error));
        report_failure(conn, text, (size_t)n);
        return;
    }
    char message[2048];
    ssize_t length;
    while ((length = read(failure[0], message, sizeof message)) < 0 && errno == EINTR) {}
    if (length > 0) {
        report_failure(conn, message, (size_t)length);
        waitpid(child, NULL, 0);
        return;
    }
    char text[64];
    write_all(conn, text, (size_t)snprintf(text, sizeof text, "S%d\n", (int)child));
    struct in_addr own = {0};
    int listener = spec->address && inet_aton(spec->address, &own) ? receive_fd(calls[0]) : -1;
    close(calls[0]);

    static struct stream streams[2];
    streams[0] = (struct stream){.fd = out[0], .name = "stdout"};
    streams[1] = (struct stream){.fd = err[0], .name = "stderr"};
    char *captured = spec->capture > 0 ? malloc((size_t)spec->capture) : NULL;
    size_t captured_length = 0;
    int ended = 0, status = 0, connected = 1;
    while (!ended || streams[0].fd >= 0 || streams[1].fd >= 0) {
        struct pollfd fds[5] = {{.fd = connected ? conn : -1, .events = POLLIN},
                                {.fd = ended ? -1 : signals, .events = POLLIN},
                                {.fd = streams[0].fd, .events = POLLIN},
                                {.fd = streams[1].fd, .events = POLLIN},
                                {.fd = listener, .events = POLLIN}};
        if (poll(fds, 5, -1) < 0) {
            if (errno == EINTR) continue;
            break;
        }
        for (int i = 0; i < 2; i++)
            if (fds[2 + i].revents && !pump(spec, log, &streams[i], captured, &captured_length)) {
                close(streams[i].fd);
                streams[i].fd = -1;
            }
        if (fds[0].revents) {
            unsigned char wanted[64];
            ssize_t n = read(conn, wanted, sizeof wanted);
            if (n <= 0) {
                connected = 0;
                kill(child, SIGKILL);
            }
            for (ssize_t i = 0; i < n && !ended; i++) kill(child, wanted[i]);
        }
        if (fds[1].revents) {
            struct signalfd_siginfo info;
            if (read(signals, &info, sizeof info) > 0 && waitpid(child, &status, WNOHANG) == child) ended = 1;
        }
        if (fds[4].revents && (!(fds[4].revents & POLLIN) || !answer_call(listener, own))) {
            close(listener);
            listener = -1;
        }
        /* A command inside a running container may leave a child behind that holds its output open. */
        if (ended && spec->inside && !fds[2].revents && !fds[3].revents) break;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    write_all(conn, text, (size_t)snprintf(text, sizeof text, "X%d %zu\n", code, captured_length));
    if (captured_length) write_all(conn, captured, captured_length);
}

/* ---- the server ---- */

static int listen_on(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        fprintf(stderr, "the socket's path is too long: %s\n", path);
        exit(2);
    }
    strcpy(address.sun_path, path);
    unlink(path);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    umask(077);
    if (server < 0 || bind(server, (struct sockaddr *)&address, sizeof address) < 0 || listen(server, 1024) < 0) {
        perror(path);
        exit(2);
    }
    umask(022);
    return server;
}

static void serve_one(int conn) {
    signal(SIGCHLD, SIG_DFL);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_NAME, "tiphys-pod");
    size_t size = 0;
    char *bytes = read_spec(conn, &size);
    if (!bytes) return;
    struct spec spec;
    memset(&spec, 0, sizeof spec);
    parse_spec(&spec, bytes, size);
    supervise(conn, &spec);
}

int main(int argc, char **argv) {
    if (argc < 3 || strcmp(argv[1], "serve") != 0) {
        fprintf(stderr, "usage: container serve SOCKET [rootless]\n");
        return 2;
    }
    rootless = geteuid() != 0 || argc > 3;
    setsid();
    signal(SIGCHLD, SIG_IGN);
    int server = listen_on(argv[2]);
    write_all(1, "ready\n", 6);
    for (;;) {
        struct pollfd fds[2] = {{.fd = 0, .events = POLLIN}, {.fd = server, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0) {
            if (errno == EINTR) continue;
            return 1;
        }
        if (fds[0].revents) {
            char byte;
            if (read(0, &byte, 1) <= 0) {
                unlink(argv[2]);
                return 0;
            }
        }
        if (fds[1].revents) {
            int conn = accept4(server, NULL, NULL, SOCK_CLOEXEC);
            if (conn < 0) continue;
            pid_t supervisor = fork();
            if (supervisor == 0) {
                close(server);
                int null = open("/dev/null", O_RDWR | O_CLOEXEC);
                dup2(null, 0);
                dup2(null, 1);
                serve_one(conn);
                _exit(0);
            }
            close(conn);
        }
    }
}
