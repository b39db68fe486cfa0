#include "wire.h"

#include "io.h"

char *put(char *at, uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; i--) *at++ = (char)(value >> (8 * i));
    return at;
}

uint64_t get(const unsigned char *at, int bytes) {
    uint64_t value = 0;
    for (int i = 0; i < bytes; i++) value = value << 8 | at[i];
    return value;
}

int send_chunk(int fd, const void *bytes, size_t length) {
    char header[4];
    put(header, length, 4);
    return write_all(fd, header, 4) || write_all(fd, bytes, length) ? -1 : 0;
}

int send_end(int fd, int error) {
    char end[8];
    put(put(end, 0, 4), (uint64_t)error, 4);
    return write_all(fd, end, 8);
}
