#include "names.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "say.h"

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

int give_names(void) {
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
