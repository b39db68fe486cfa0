#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "job.h"
#include "say.h"

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

int take_lines(void) {
    if (!job.args_file && !job.env_file) return 0;
    if (job.env_file && take_environment(job.env_file) != 0) return -1;
    if (job.args_file && (job.command = with_arguments(job.command, job.args_file)) == NULL) return -1;
    ssize_t of_command = size_of(job.command, "argument"), of_environment = size_of(environ, "variable");
    if (of_command < 0 || of_environment < 0) return -1;
    job.command_size = (size_t)(of_command + of_environment);
    return 0;
}
