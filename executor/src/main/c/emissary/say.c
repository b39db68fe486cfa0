#include "say.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io.h"

void say(const char *format, ...) {
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

void last_words(const char *text) {
    say("%s", text);
    int fd = open("/dev/termination-log", O_WRONLY | O_CLOEXEC);
    if (fd >= 0 && write_all(fd, text, strlen(text)) == 0) close(fd);
}
