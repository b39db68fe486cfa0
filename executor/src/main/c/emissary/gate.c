#include "gate.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "say.h"

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

int await_and_tell(const char *file, long seconds) {
    char text[4096];
    if (await(file, seconds, text, sizeof text) != 0) return 1;
    if (strcmp(text, "ok") != 0) fprintf(stderr, "%s\n", text);
    return 0;
}

int inputs_are_staged(const char *dir) {
    char path[PATH_MAX], text[4096];
    snprintf(path, sizeof path, "%s/staged", dir);
    await(path, 0, text, sizeof text);
    if (strcmp(text, "ok") == 0) return 1;
    last_words(text);
    return 0;
}

int is_over(const char *dir) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/over", dir);
    return access(path, F_OK) == 0;
}
