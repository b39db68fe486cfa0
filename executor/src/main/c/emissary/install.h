/* A copy of this program, in the volume that the pod's containers share. */
#pragma once

/* An exit code. */
int install(const char *destination);
