#include "entries.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "wire.h"

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

int answer_stat(int fd, const char *path) {
    struct stat s;
    if (stat(path, &s) != 0) return send_end(fd, errno);
    return send_entry(fd, &s, "", "") || send_end(fd, 0);
}

int answer_list(int fd, const char *path) {
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
