/* Answers to S and L: what is there. */
#pragma once

int answer_stat(int fd, const char *path);
int answer_list(int fd, const char *path);
