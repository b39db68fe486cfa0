/*
 * emissary: the small program that stands between a container's runtime and the user's command in a workflow pod.
 *
 *   emissary run --container NAME [--dir DIR] [--after NAME]... [--attempts N] [--pause MILLISECONDS]
 *                [--args-file FILE] [--env-file FILE] [--release-timeout SECONDS | --no-wait] -- [COMMAND [ARG...]]
 *   emissary await FILE [SECONDS]     wait until FILE exists; print it unless it says "ok"
 *   emissary install DEST             copy this program to DEST
 *   emissary names                    give files names that Java can't: reads orders from standard input, each of them a letter and two
 *                                     strings that end with a zero byte: r FROM TO renames, l TARGET LINK makes a symbolic link
 *
 * `run` waits until the executor has written DIR/staged; when that says anything but "ok", inputs could not be staged: `run` prints
 * it, leaves it as the termination message and exits with 125. (`await` is the executor's postStart hook. It does not fail then: a
 * failed hook would restart the executor for ever, while a failed main ends the pod.) Otherwise `run` starts COMMAND in a process group of
 * its own, forwards signals to the group, reaps orphans, copies its output to our own and to the files DIR/ctr/NAME/log and
 * DIR/ctr/NAME/stdout where the executor has put such files, and answers the executor on the socket DIR/ctr/NAME/sock (wire.h): it
 * describes, lists and reads files as this container sees them. It exits with COMMAND's exit code (128 + n for signal n) once the executor
 * says that outputs are safe, or when the executor has been silent for --release-timeout seconds.
 *
 * What is too long for the pod's object comes in files of texts that each end with a NUL: --args-file goes on where the command line
 * ends, --env-file holds variables, NAME=VALUE. $(NAME) in them is replaced as the kubelet would have done it. Where the command line needs
 * it, COMMAND gets a larger stack limit, which is what Linux measures the space for arguments by; 6 MiB is the most that it gives.
 *
 * A container that begins when DIR/over is there, a sidecar that the kubelet was late with, has nothing left to do: COMMAND never
 * runs, and `run` exits with 0 at once.
 *
 * In a container set COMMAND starts once the containers named by --after have left exit code 0 in DIR/ctr/NAME/exitcode; when one of
 * them left another code, COMMAND never runs and `run` exits with 64. A COMMAND that fails is started again in place, --attempts times
 * in all, --pause apart. With ARGO_DEBUG_PAUSE_BEFORE or _AFTER set to "true" it waits for somebody to create the file
 * DIR/ctr/NAME/before (after), or Argo's /var/run/argo/ctr/NAME/before (after).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codes.h"
#include "gate.h"
#include "install.h"
#include "job.h"
#include "lines.h"
#include "names.h"
#include "run.h"

static int usage(void) {
    fprintf(stderr, "usage: emissary run --container NAME [--dir DIR] [--after NAME]... [--attempts N] [--pause MILLISECONDS]\n"
                    "                    [--args-file FILE] [--env-file FILE] [--release-timeout SECONDS | --no-wait] -- COMMAND...\n"
                    "       emissary await FILE [SECONDS]\n"
                    "       emissary install DEST\n"
                    "       emissary names < ORDERS\n");
    return USAGE;
}

static int run_command(int count, char **arguments) {
    if (read_options(count, arguments) != 0) return usage();
    if (!inputs_are_staged(job.dir) || take_lines() != 0) return CANNOT_START;
    return job.command[0] ? run() : usage();
}

int main(int count, char **arguments) {
    if (count >= 3 && strcmp(arguments[1], "run") == 0) return run_command(count, arguments);
    if (count >= 3 && strcmp(arguments[1], "await") == 0) return await_and_tell(arguments[2], count > 3 ? atol(arguments[3]) : 0);
    if (count == 3 && strcmp(arguments[1], "install") == 0) return install(arguments[2]);
    if (count == 2 && strcmp(arguments[1], "names") == 0) return give_names();
    return usage();
}
