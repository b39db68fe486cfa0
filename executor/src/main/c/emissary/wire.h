/*
 * How the executor and emissary talk over the socket DIR/ctr/NAME/sock. Numbers are big-endian.
 *
 * Request: op u8, path length u32, a u64, b u64, c u64, d u64, path. Answer: chunks (length u32, bytes), an empty chunk, errno u32
 * (0: fine). A connection takes one request after the other; they may be sent before the answers are read.
 *   S stat PATH, following links -> entry        L list directory PATH -> entries, links not followed
 *   R read b bytes of PATH from offset a         D of the same bytes, for each piece of d: length u64, MD5 (16 bytes), CRC64 u64
 *   P as R, for whoever knows the sums already: what is written to the file before the executor has taken the bytes may be among them
 *   W wait for COMMAND's end -> exit code u32    K send signal a to the process group
 *   X outputs are safe: exit
 * R, P and D end with ESTALE when the file's time of change isn't c (nanoseconds since 1970; 0: whatever it is) before and after reading.
 * entry: mode u32, size u64, mtime seconds u64, mtime nanoseconds u32, ctime nanoseconds since 1970 u64, inode u64, uid u32, gid u32,
 * name length u16, name, link length u16, link.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Writes a number of so many bytes; returns what is behind it. */
char *put(char *at, uint64_t value, int bytes);

uint64_t get(const unsigned char *at, int bytes);

/* These, as everything that answers: 0, or not when the other side is gone. */
int send_chunk(int fd, const void *bytes, size_t length);
int send_end(int fd, int error);
