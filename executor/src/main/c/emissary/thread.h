/* Threads that nobody waits for. Their stacks are small: buffers don't go there. */
#pragma once

/* 0, or -1 when there can't be one, which is said. */
int start_thread(void *(*body)(void *), void *argument);
