/*
 * All pods share the machine's network, but each has an address of its own in 127.0.0.0/8. What listens on all addresses, or on localhost,
 * listens on the pod's own instead, so that pods don't take each other's ports; and who connects to localhost meets his own pod's
 * listener if there is one, else the machine's. Done by a seccomp filter, which hands bind and connect to the supervisor; where the kernel
 * has no such filters, pods share the ports as well.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#if defined(__x86_64__)
#define AUDIT_ARCH_HERE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define AUDIT_ARCH_HERE AUDIT_ARCH_AARCH64
#endif

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

#if defined(AUDIT_ARCH_HERE) && defined(SECCOMP_USER_NOTIF_FLAG_CONTINUE)

/* The filter's other end, or -1. */
static int filter_addresses(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_HERE, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_connect, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void send_fd(int to, int fd) {
    char byte = 0;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
    sendmsg(to, &message, 0);
}

/* -1 when the other end is closed without having sent one. */
static int receive_fd(int from) {
    char byte;
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    struct iovec io = {.iov_base = &byte, .iov_len = 1};
    struct msghdr message = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t n;
    while ((n = recvmsg(from, &message, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {}
    struct cmsghdr *header = n > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_type != SCM_RIGHTS) return -1;
    int fd;
    memcpy(&fd, CMSG_DATA(header), sizeof fd);
    return fd;
}

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static in_port_t port_of(const union address *a) {
    return a->any.sa_family == AF_INET ? a->four.sin_port : a->six.sin6_port;
}

static int is_local(const union address *a, int or_any) {
    struct in_addr four;
    if (a->any.sa_family == AF_INET) {
        four = a->four.sin_addr;
    } else if (a->any.sa_family == AF_INET6) {
        if (IN6_IS_ADDR_LOOPBACK(&a->six.sin6_addr)) return 1;
        if (IN6_IS_ADDR_UNSPECIFIED(&a->six.sin6_addr)) return or_any;
        if (!IN6_IS_ADDR_V4MAPPED(&a->six.sin6_addr)) return 0;
        memcpy(&four, a->six.sin6_addr.s6_addr + 12, sizeof four);
    } else {
        return 0;
    }
    return four.s_addr == htonl(INADDR_LOOPBACK) || (or_any && four.s_addr == htonl(INADDR_ANY));
}

/* The same port at the pod's own address, in the socket's family. */
static socklen_t at_own(union address *a, struct in_addr own) {
    in_port_t port = port_of(a);
    if (a->any.sa_family == AF_INET) {
        a->four.sin_addr = own;
        return sizeof a->four;
    }
    memset(&a->six, 0, sizeof a->six);
    a->six.sin6_family = AF_INET6;
    a->six.sin6_port = port;
    a->six.sin6_addr.s6_addr[10] = a->six.sin6_addr.s6_addr[11] = 0xff;
    memcpy(a->six.sin6_addr.s6_addr + 12, &own, sizeof own);
    return sizeof a->six;
}

/* Whether somebody has the port at the pod's own address. */
static int is_taken(struct in_addr own, in_port_t port, int type) {
    int probe = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    if (probe < 0) return 0;
    int on = 1;
    if (type == SOCK_STREAM) setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = port, .sin_addr = own};
    int taken = bind(probe, (struct sockaddr *)&address, sizeof address) < 0 && errno == EADDRINUSE;
    close(probe);
    return taken;
}

static pid_t process_of(pid_t thread) {
    char path[64], line[128];
    snprintf(path, sizeof path, "/proc/%d/status", (int)thread);
    FILE *status = fopen(path, "re");
    int process = 0;
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "Tgid: %d", &process) == 1) break;
    if (status) fclose(status);
    return process;
}

/* A listener that accepts nobody must not keep the supervisor from its other work. */
static int connect_soon(int fd, const struct sockaddr *to, socklen_t length) {
    struct timeval before = {0}, soon = {.tv_sec = 3};
    socklen_t size = sizeof before;
    int waits = !(fcntl(fd, F_GETFL) & O_NONBLOCK);
    if (waits) {
        getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &before, &size);
        setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
    }
    int result = connect(fd, to, length);
    int error = errno;
    if (waits) setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &before, sizeof before);
    errno = waits && (error == EINPROGRESS || error == EAGAIN) ? ETIMEDOUT : error;
    return result;
}

/* Does the call in the caller's place; false when the caller is to do it himself. */
static int call_in_place(const struct seccomp_notif *call, int listener, struct in_addr own, int *error) {
    union address address;
    memset(&address, 0, sizeof address);
    size_t length = (size_t)call->data.args[2];
    if (length < sizeof address.four || length > 4096) return 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/%u/mem", call->pid);
    int memory = open(path, O_RDONLY | O_CLOEXEC);
    if (memory < 0) return 0;
    size_t wanted = length < sizeof address ? length : sizeof address;
    ssize_t n = pread(memory, &address, wanted, (off_t)call->data.args[1]);
    close(memory);
    int binds = call->data.nr == SYS_bind;
    int is_whole = n == (ssize_t)wanted && (address.any.sa_family == AF_INET || wanted >= sizeof address.six);
    if (!is_whole || !is_local(&address, 1) || port_of(&address) == 0) return 0;
    int process = (int)syscall(SYS_pidfd_open, process_of((pid_t)call->pid), 0);
    int fd = process < 0 ? -1 : (int)syscall(SYS_pidfd_getfd, process, (int)call->data.args[0], 0);
    if (process >= 0) close(process);
    if (fd < 0) return 0;
    int type = 0, only_six = 0;
    socklen_t size = sizeof type;
    getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
    size = sizeof only_six;
    if (address.any.sa_family == AF_INET6) getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_six, &size);
    int is_still_there = ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &call->id) == 0;
    int done = is_still_there && !only_six && (binds || is_taken(own, port_of(&address), type));
    if (is_still_there && only_six && binds) {
        done = 1; /* its twin on IPv4 is the one that is met */
        *error = 0;
    } else if (done) {
        socklen_t own_length = at_own(&address, own);
        int result = binds ? bind(fd, &address.any, own_length) : connect_soon(fd, &address.any, own_length);
        *error = result < 0 ? -errno : 0;
    }
    close(fd);
    return done;
}

/* False when nobody is left who could call. */
static int answer_call(int listener, struct in_addr own) {
    union {
        struct seccomp_notif call;
        char room[512];
    } in;
    union {
        struct seccomp_notif_resp answer;
        char room[512];
    } out;
    memset(&in, 0, sizeof in);
    memset(&out, 0, sizeof out);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &in.call) < 0) return errno == EINTR || errno == ENOENT;
    int error = 0;
    out.answer.id = in.call.id;
    if (call_in_place(&in.call, listener, own, &error)) out.answer.error = error;
    else out.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &out.answer);
    return 1;
}

#else

static int filter_addresses(void) {
    return -1;
}

static int answer_call(int listener, struct in_addr own) {
    (void)listener;
    (void)own;
    return 0;
}

#endif
