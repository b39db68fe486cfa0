/* Pauses that people ask for, to look around in a container: ARGO_DEBUG_PAUSE_BEFORE and ARGO_DEBUG_PAUSE_AFTER. */
#pragma once

int is_asked_to_pause(const char *variable);

/* Whether somebody has created the file that ends a pause. */
int is_let_go(const char *marker);

/* So that `touch /var/run/argo/ctr/NAME/before`, as Argo's users know it, works. */
void make_argo_directory(void);
