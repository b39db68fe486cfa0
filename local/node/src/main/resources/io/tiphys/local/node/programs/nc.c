/*
 * Stands for the nc of busybox where the machine has none: nc [-nv] [-w SECONDS] [-z] HOST PORT connects, nc -l [-k] -p PORT listens,
 * and -e PROGRAM [ARG…] gives each connection to a program instead of the standard streams. TCP only.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what) {
    fprintf(stderr, "nc: %s: %s\n", what, strerror(errno));
    return 1;
}

static int usage(void) {
    fputs("nc: usage: nc [-nvz] [-w SECONDS] [-e PROGRAM] HOST PORT, or nc -l [-kv] -p PORT [-e PROGRAM]\n", stderr);
    return 1;
}

static void copy_all(int from, int to) {
    char bytes[65536];
    ssize_t n;
    while ((n = read(from, bytes, sizeof bytes)) > 0)
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(to, bytes + done, (size_t)(n - done));
            if (w < 0) return;
            done += w;
        }
}

/* Standard input goes out and what comes in to standard output, until the other side is done. */
static void talk(int fd) {
    pid_t sender = fork();
    if (sender == 0) {
        copy_all(0, fd);
        shutdown(fd, SHUT_WR);
        _exit(0);
    }
    copy_all(fd, 1);
    kill(sender, SIGKILL);
    waitpid(sender, NULL, 0);
}

static void give(int fd, char **program) {
    dup2(fd, 0);
    dup2(fd, 1);
    dup2(fd, 2);
    if (fd > 2) close(fd);
    execvp(program[0], program);
    _exit(127);
}

static int serve(const char *port, int again, char **program) {
    int server = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)atoi(port))};
    setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(server, (struct sockaddr *)&address, sizeof address) < 0) return fail("bind");
    if (listen(server, 128) < 0) return fail("listen");
    do {
        int fd = accept(server, NULL, NULL);
        if (fd < 0) return fail("accept");
        if (!program) {
            talk(fd);
        } else if (!again) {
            give(fd, program);
        } else if (fork() == 0) {
            close(server);
            give(fd, program);
        }
        close(fd);
    } while (again);
    return 0;
}

static int reach(const char *host, const char *port, int seconds) {
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found;
    int error = getaddrinfo(host, port, &wanted, &found);
    if (error) {
        fprintf(stderr, "nc: bad address '%s'\n", host);
        exit(1);
    }
    alarm((unsigned)seconds);
    int fd = -1;
    for (struct addrinfo *a = found; a && fd < 0; a = a->ai_next) {
        fd = socket(a->ai_family, SOCK_STREAM, 0);
        if (fd >= 0 && connect(fd, a->ai_addr, a->ai_addrlen) < 0) {
            int why = errno;
            close(fd);
            errno = why;
            fd = -1;
        }
    }
    alarm(0);
    freeaddrinfo(found);
    return fd;
}

static void stop(int signal) {
    _exit(signal == SIGALRM ? 1 : 128 + signal);
}

int main(int argc, char **argv) {
    int listens = 0, again = 0, only_look = 0, verbose = 0, seconds = 0, c;
    const char *port = NULL;
    char **program = NULL;
    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    signal(SIGALRM, stop);
    signal(SIGPIPE, SIG_IGN);
    for (int i = 1; i < argc; i++)
        if (!strcmp(argv[i], "-e")) { /* takes all that follows */
            if (i + 1 == argc) return usage();
            program = argv + i + 1;
            argv[i] = NULL;
            argc = i;
        }
    while ((c = getopt(argc, argv, "lkp:w:zvn")) != -1) switch (c) {
        case 'l': listens = 1; break;
        case 'k': again = 1; break;
        case 'p': port = optarg; break;
        case 'w': seconds = atoi(optarg); break;
        case 'z': only_look = 1; break;
        case 'v': verbose = 1; break;
        case 'n': break;
        default: return usage();
        }
    if (program) signal(SIGCHLD, SIG_IGN);
    if (listens) {
        if (!port && optind < argc) port = argv[argc - 1];
        return port ? serve(port, again, program) : usage();
    }
    if (argc - optind != 2) return usage();
    int fd = reach(argv[optind], argv[optind + 1], seconds);
    if (fd < 0) return fail("can't connect to remote host");
    if (verbose) fprintf(stderr, "%s (%s) open\n", argv[optind], argv[optind + 1]);
    if (only_look) return 0;
    if (program) give(fd, program);
    talk(fd);
    return 0;
}
