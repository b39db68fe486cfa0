/*
 * Stands for nginx where there is no image: serves files as its configuration says. Understands the part of the configuration that is
 * about that (server, listen, root, index, location, return, autoindex off) and passes over what doesn't change what is served; anything
 * else ends it with the directive's name, as nginx ends when it doesn't know one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_PORTS 16
#define MAX_LOCATIONS 64

struct location {
    const char *prefix, *root, *index, *text;
    int exact, code;
};

struct server {
    int ports[MAX_PORTS], port_count, location_count;
    const char *root, *index;
    struct location locations[MAX_LOCATIONS];
};

static struct server servers[MAX_PORTS];
static int server_count, daemonize = 1;

static void emerg(const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("nginx: [emerg] ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* ---- configuration ---- */

static const char *at, *file_name;
static int line;

/* The next word, or one of { } ;, or NULL at the end. */
static char *word(void) {
    for (;;) {
        while (*at && isspace((unsigned char)*at)) line += *at++ == '\n';
        if (*at != '#') break;
        while (*at && *at != '\n') at++;
    }
    if (!*at) return NULL;
    char buffer[4096];
    size_t n = 0;
    if (strchr("{};", *at)) {
        buffer[n++] = *at++;
    } else if (*at == '"' || *at == '\'') {
        char quote = *at++;
        while (*at && *at != quote && n < sizeof buffer - 1) {
            if (*at == '\\' && at[1]) at++;
            buffer[n++] = *at++;
        }
        if (*at) at++;
    } else {
        while (*at && !isspace((unsigned char)*at) && !strchr("{};", *at) && n < sizeof buffer - 1) buffer[n++] = *at++;
    }
    buffer[n] = 0;
    return strdup(buffer);
}

static int in(const char *name, const char *names) {
    size_t length = strlen(name);
    for (const char *found = names; (found = strstr(found, name)); found += length)
        if ((found == names || found[-1] == ' ') && (found[length] == ' ' || !found[length])) return 1;
    return 0;
}

static const char *HARMLESS =
    "user worker_processes worker_connections worker_rlimit_nofile multi_accept use error_log pid include default_type log_format "
    "access_log sendfile tcp_nopush tcp_nodelay keepalive_timeout keepalive_requests gzip gzip_types gzip_vary gzip_min_length "
    "gzip_comp_level gzip_proxied gzip_http_version server_name server_tokens error_page charset client_max_body_size "
    "types_hash_max_size server_names_hash_bucket_size etag expires add_header autoindex_exact_size aio directio open_file_cache "
    "send_timeout client_body_timeout client_header_timeout reset_timedout_connection limit_except internal";

static void parse_file(const char *path);

static void skip_block(void) {
    int depth = 1;
    for (char *w; depth && (w = word());) depth += !strcmp(w, "{") ? 1 : !strcmp(w, "}") ? -1 : 0;
}

static void port(struct server *server, const char *text) {
    const char *colon = strrchr(text, ':');
    int number = atoi(colon ? colon + 1 : text);
    if (!strncmp(text, "unix:", 5)) emerg("listen %s in %s:%d: this stand-in for nginx has no unix sockets", text, file_name, line);
    for (int i = 0; i < server->port_count; i++)
        if (server->ports[i] == number) return;
    if (number < 1 || number > 65535 || server->port_count == MAX_PORTS)
        emerg("invalid port in \"%s\" of the \"listen\" directive in %s:%d", text, file_name, line);
    server->ports[server->port_count++] = number;
}

/* The directives of a block up to its end. */
static void parse_block(struct server *server, struct location *location) {
    char *name;
    while ((name = word()) && strcmp(name, "}")) {
        char *args[64];
        int n = 0;
        char *w;
        while ((w = word()) && strcmp(w, ";") && strcmp(w, "{"))
            if (n < 63) args[n++] = w;
        if (!w) emerg("unexpected end of file, expecting \";\" or \"}\" in %s:%d", file_name, line);
        args[n] = NULL;
        int block = !strcmp(w, "{");
        if (block && (!strcmp(name, "http") || !strcmp(name, "events"))) {
            parse_block(NULL, NULL);
        } else if (block && !strcmp(name, "types")) {
            skip_block();
        } else if (block && !strcmp(name, "server")) {
            if (server_count == MAX_PORTS) emerg("too many servers in %s:%d", file_name, line);
            struct server *fresh = &servers[server_count++];
            parse_block(fresh, NULL);
            if (!fresh->port_count) port(fresh, "80");
        } else if (block && !strcmp(name, "location") && server && n >= 1 && server->location_count < MAX_LOCATIONS) {
            struct location *fresh = &server->locations[server->location_count++];
            if (n == 2 && args[0][0] == '~')
                emerg("location %s %s in %s:%d: this stand-in for nginx has no regular expressions", args[0], args[1], file_name, line);
            fresh->exact = n == 2 && !strcmp(args[0], "=");
            fresh->prefix = args[n - 1];
            parse_block(server, fresh);
        } else if (block) {
            emerg("unknown block \"%s\" in %s:%d: this stand-in for nginx serves files, and no more", name, file_name, line);
        } else if (!strcmp(name, "daemon")) {
            daemonize = n == 1 && strcmp(args[0], "off");
        } else if (!strcmp(name, "include") && n == 1) {
            const char *rest = at;
            int here = line;
            const char *outer = file_name;
            glob_t found;
            char path[4200];
            snprintf(path, sizeof path, "%s%s", args[0][0] == '/' ? "" : "/etc/nginx/", args[0]);
            if (!strstr(path, "mime.types") && glob(path, 0, NULL, &found) == 0) {
                for (size_t i = 0; i < found.gl_pathc; i++) parse_file(found.gl_pathv[i]);
                globfree(&found);
            }
            at = rest;
            line = here;
            file_name = outer;
        } else if (!strcmp(name, "listen") && server && n >= 1) {
            port(server, args[0]);
        } else if (!strcmp(name, "root") && n == 1 && server) {
            *(location ? &location->root : &server->root) = args[0];
        } else if (!strcmp(name, "index") && n >= 1 && server) {
            char all[4096] = "";
            for (int i = 0; i < n; i++) snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", args[i]);
            *(location ? &location->index : &server->index) = strdup(all);
        } else if (!strcmp(name, "return") && n >= 1 && server) {
            if (!location) {
                location = &server->locations[server->location_count++];
                location->prefix = "/";
            }
            location->code = isdigit((unsigned char)args[0][0]) ? atoi(args[0]) : 302;
            location->text = n == 2 ? args[1] : location->code == 302 && n == 1 ? args[0] : "";
        } else if (!strcmp(name, "autoindex") && n == 1 && !strcmp(args[0], "off")) {
        } else if (!in(name, HARMLESS)) {
            emerg("unknown directive \"%s\" in %s:%d: this stand-in for nginx serves files, and no more", name, file_name, line);
        }
    }
}

static char *read_file(const char *path) {
    FILE *file = fopen(path, "re");
    if (!file) return NULL;
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, 0, file) < 0) {
        free(text);
        text = strdup("");
    }
    fclose(file);
    return text;
}

static void parse_file(const char *path) {
    char *text = read_file(path);
    if (!text) emerg("open() \"%s\" failed (%s)", path, strerror(errno));
    at = text;
    file_name = path;
    line = 1;
    while (*at) parse_block(NULL, NULL);
}

/* ---- requests ---- */

static const char *type_of(const char *path) {
    static const char *types[][2] = {{".html", "text/html"}, {".htm", "text/html"}, {".css", "text/css"}, {".js", "application/javascript"},
                                     {".json", "application/json"}, {".txt", "text/plain"}, {".xml", "text/xml"}, {".png", "image/png"},
                                     {".jpg", "image/jpeg"}, {".gif", "image/gif"}, {".svg", "image/svg+xml"}, {".pdf", "application/pdf"}};
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
        if (!strcasecmp(dot, types[i][0])) return types[i][1];
    return "application/octet-stream";
}

static const char *reason(int code) {
    switch (code) {
    case 200: return "OK";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Moved Temporarily";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Not Allowed";
    case 500: return "Internal Server Error";
    case 503: return "Service Temporarily Unavailable";
    default: return "";
    }
}

static void say(int fd, const char *bytes, size_t length) {
    while (length > 0) {
        ssize_t n = send(fd, bytes, length, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        bytes += n;
        length -= (size_t)n;
    }
}

struct request {
    char method[16], target[4096], host[256], agent[256], client[64];
    int keep;
};

static void head(int fd, int code, const char *type, long long length, const char *more, int keep) {
    char text[8192], date[64];
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    int n = snprintf(text, sizeof text,
                     "HTTP/1.1 %d %s\r\nServer: nginx\r\nDate: %s\r\nContent-Type: %s\r\nContent-Length: %lld\r\n%sConnection: %s\r\n\r\n",
                     code, reason(code), date, type, length, more, keep ? "keep-alive" : "close");
    say(fd, text, (size_t)n);
}

static long long short_answer(int fd, struct request *r, int code, const char *body, const char *more) {
    char page[1024];
    if (!body) {
        snprintf(page, sizeof page,
                 "<html>\r\n<head><title>%d %s</title></head>\r\n<body>\r\n<center><h1>%d %s</h1></center>\r\n<hr><center>nginx</center>\r\n"
                 "</body>\r\n</html>\r\n",
                 code, reason(code), code, reason(code));
        body = page;
    }
    head(fd, code, body == page ? "text/html" : "text/plain", (long long)strlen(body), more, r->keep);
    if (strcmp(r->method, "HEAD")) say(fd, body, strlen(body));
    return (long long)strlen(body);
}

/* Without escapes, query, or a way out of the root; false where there is none. */
static int clean(const char *target, char *path, size_t room) {
    size_t n = 0;
    for (const char *t = target; *t && *t != '?' && *t != '#'; t++) {
        int c = (unsigned char)*t;
        if (c == '%') {
            char digits[3] = {t[1], t[1] ? t[2] : 0, 0};
            if (!isxdigit((unsigned char)digits[0]) || !isxdigit((unsigned char)digits[1])) return 0;
            c = (int)strtol(digits, NULL, 16);
            t += 2;
        }
        if (c == 0 || n + 1 >= room) return 0;
        path[n++] = (char)c;
    }
    path[n] = 0;
    return path[0] == '/' && !strstr(path, "/../") && (n < 3 || strcmp(path + n - 3, "/.."));
}

static struct location *location_for(struct server *server, const char *path) {
    struct location *best = NULL;
    for (int i = 0; i < server->location_count; i++) {
        struct location *l = &server->locations[i];
        if (l->exact ? !strcmp(path, l->prefix) : !strncmp(path, l->prefix, strlen(l->prefix))) {
            if (l->exact) return l;
            if (!best || strlen(l->prefix) > strlen(best->prefix)) best = l;
        }
    }
    return best;
}

static int answer(int fd, struct server *server, struct request *r, long long *sent) {
    char path[4096], name[8400];
    int gets = !strcmp(r->method, "GET") || !strcmp(r->method, "HEAD");
    if (!clean(r->target, path, sizeof path)) return *sent = short_answer(fd, r, 400, NULL, ""), 400;
    struct location *l = location_for(server, path);
    if (l && l->code) {
        char more[4300] = "";
        if (l->code >= 300 && l->code < 400) snprintf(more, sizeof more, "Location: %s\r\n", l->text);
        *sent = short_answer(fd, r, l->code, *more || !*l->text ? NULL : l->text, more);
        return l->code;
    }
    if (!gets) return *sent = short_answer(fd, r, 405, NULL, ""), 405;
    const char *root = l && l->root ? l->root : server->root ? server->root : "/usr/share/nginx/html";
    const char *index = l && l->index ? l->index : server->index ? server->index : "index.html";
    snprintf(name, sizeof name, "%s%s", root, path);
    struct stat info;
    if (stat(name, &info) == 0 && S_ISDIR(info.st_mode)) {
        if (path[strlen(path) - 1] != '/') {
            char more[4600];
            snprintf(more, sizeof more, "Location: http://%s%s/\r\n", r->host, path);
            return *sent = short_answer(fd, r, 301, NULL, more), 301;
        }
        char names[4096];
        snprintf(names, sizeof names, "%s", index);
        char *rest = names, *one;
        int found = 0;
        while (!found && (one = strsep(&rest, " ")))
            if (*one) {
                snprintf(name, sizeof name, "%s%s%s", root, path, one);
                found = stat(name, &info) == 0 && S_ISREG(info.st_mode);
            }
        if (!found) return *sent = short_answer(fd, r, 403, NULL, ""), 403;
    }
    int file = open(name, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &info) < 0 || !S_ISREG(info.st_mode)) {
        int code = errno == EACCES ? 403 : 404;
        if (file >= 0) close(file);
        return *sent = short_answer(fd, r, code, NULL, ""), code;
    }
    head(fd, 200, type_of(name), (long long)info.st_size, "", r->keep);
    if (strcmp(r->method, "HEAD"))
        for (off_t offset = 0; offset < info.st_size;)
            if (sendfile(fd, file, &offset, (size_t)(info.st_size - offset)) <= 0) break;
    close(file);
    *sent = (long long)info.st_size;
    return 200;
}

static void header(const char *text, const char *name, char *value, size_t room) {
    const char *found = strcasestr(text, name);
    value[0] = 0;
    if (!found) return;
    found += strlen(name);
    while (*found == ' ') found++;
    size_t n = strcspn(found, "\r\n");
    snprintf(value, room, "%.*s", (int)(n < room ? n : room - 1), found);
}

static void serve(int fd, struct server *server, const char *client) {
    char text[32768];
    size_t length = 0;
    for (;;) {
        char *end;
        text[length] = 0;
        while (!(end = strstr(text, "\r\n\r\n"))) {
            struct pollfd wait = {.fd = fd, .events = POLLIN};
            if (length + 1 >= sizeof text || poll(&wait, 1, 75000) <= 0) return;
            ssize_t n = read(fd, text + length, sizeof text - 1 - length);
            if (n <= 0) return;
            length += (size_t)n;
            text[length] = 0;
        }
        struct request r;
        memset(&r, 0, sizeof r);
        char version[16] = "", connection[64], body[32];
        snprintf(r.client, sizeof r.client, "%s", client);
        *end = 0;
        int fields = sscanf(text, "%15s %4095s %15s", r.method, r.target, version);
        header(text, "\r\nHost:", r.host, sizeof r.host);
        header(text, "\r\nUser-Agent:", r.agent, sizeof r.agent);
        header(text, "\r\nConnection:", connection, sizeof connection);
        header(text, "\r\nContent-Length:", body, sizeof body);
        r.keep = fields == 3 && !strcmp(version, "HTTP/1.1") && strcasecmp(connection, "close") && atoll(body) == 0;
        long long sent = 0;
        int code = fields == 3 ? answer(fd, server, &r, &sent) : (sent = short_answer(fd, &r, 400, NULL, ""), 400);
        char date[64];
        time_t now = time(NULL);
        struct tm utc;
        gmtime_r(&now, &utc);
        strftime(date, sizeof date, "%d/%b/%Y:%H:%M:%S +0000", &utc);
        printf("%s - - [%s] \"%s %s %s\" %d %lld \"-\" \"%s\"\n", r.client, date, r.method, r.target, version, code, sent,
               *r.agent ? r.agent : "-");
        fflush(stdout);
        if (!r.keep) return;
        size_t used = (size_t)(end - text) + 4;
        memmove(text, text + used, length - used);
        length -= used;
    }
}

/* ---- start ---- */

static void stop(int signal) {
    (void)signal;
    _exit(0);
}

static int listen_on(int number) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((in_port_t)number), .sin_addr.s_addr = htonl(INADDR_ANY)};
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) emerg("bind() to 0.0.0.0:%d failed (%s)", number, strerror(errno));
    if (listen(fd, 511) < 0) emerg("listen() to 0.0.0.0:%d failed (%s)", number, strerror(errno));
    return fd;
}

int main(int argc, char **argv) {
    const char *configuration = "/etc/nginx/nginx.conf", *globals = "";
    int test = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-g") && i + 1 < argc) globals = argv[++i];
        else if (!strcmp(argv[i], "-c") && i + 1 < argc) configuration = argv[++i];
        else if (!strcmp(argv[i], "-p") && i + 1 < argc) i++;
        else if (!strcmp(argv[i], "-t")) test = 1;
        else if (!strcmp(argv[i], "-q")) continue;
        else if (!strcmp(argv[i], "-v")) return fprintf(stderr, "nginx version: nginx (stand-in)\n"), 0;
        else return fprintf(stderr, "nginx: invalid option: \"%s\"\n", argv[i]), 1;
    }
    at = globals;
    file_name = "command line";
    while (*at) parse_block(NULL, NULL);
    parse_file(configuration);
    if (test) return fprintf(stderr, "nginx: configuration file %s test is successful\n", configuration), 0;
    struct pollfd listeners[MAX_PORTS * MAX_PORTS];
    struct server *owners[MAX_PORTS * MAX_PORTS];
    nfds_t count = 0;
    for (int i = 0; i < server_count; i++)
        for (int p = 0; p < servers[i].port_count; p++) {
            int taken = 0; /* several servers on a port: the first is the default */
            for (int j = 0; j < i; j++)
                for (int q = 0; q < servers[j].port_count; q++) taken |= servers[j].ports[q] == servers[i].ports[p];
            if (taken) continue;
            listeners[count] = (struct pollfd){.fd = listen_on(servers[i].ports[p]), .events = POLLIN};
            owners[count++] = &servers[i];
        }
    if (daemonize && fork() > 0) return 0;
    for (size_t i = 0; i < 3; i++) signal((int[]){SIGTERM, SIGINT, SIGQUIT}[i], stop);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (;;) {
        if (poll(listeners, count, -1) < 0) continue;
        for (nfds_t i = 0; i < count; i++) {
            if (!listeners[i].revents) continue;
            struct sockaddr_in peer;
            socklen_t size = sizeof peer;
            int fd = accept4(listeners[i].fd, (struct sockaddr *)&peer, &size, SOCK_CLOEXEC);
            if (fd < 0) continue;
            if (fork() == 0) {
                char client[64] = "-";
                inet_ntop(AF_INET, &peer.sin_addr, client, sizeof client);
                serve(fd, owners[i], client);
                _exit(0);
            }
            close(fd);
        }
    }
}
