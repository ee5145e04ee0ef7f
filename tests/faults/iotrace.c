/* Preloaded into a worker: writes down what it does to files below MBO_IO_ROOT, and lets the
 * n-th operation fail. Built by tests/faults/preload.py with the machine's compiler.
 *
 * Trace (MBO_IO_TRACE): per operation  kind u8, fd i32, number i64, length u32, length u32,
 * and two texts of these lengths; little-endian, packed. Kinds: O open (number: flags),
 * W write (number: offset), T truncate (number: size), S sync, C close, R rename, U unlink,
 * M mkdir, D rmdir, A acknowledged (what was written to stdout), I a socket of the
 * internet was asked for (number: its family).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>
#ifdef open64
#undef open64
#endif

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

enum { FILES = 4096 };
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static unsigned char ours[FILES];
static int out = -2;
static int at, failure, once, count;

static const char *root(void) {
    static const char *found;
    if (!found) found = getenv("MBO_IO_ROOT");
    return found ? found : "/nowhere/at/all";
}

static int below(const char *path) {
    return path && strncmp(path, root(), strlen(root())) == 0;
}

static int mine(int fd) { return fd >= 0 && fd < FILES && ours[fd]; }

/* From the n-th operation on (or that one only) fail; 0 lets everything through again. */
void mbo_fault(int place, int number, int only) {
    at = place;
    failure = number;
    once = only;
    count = 0;
}

int mbo_count(void) { return count; }

static int fails(void) {
    int now = ++count;
    if (at && (now == at || (now > at && !once))) {
        errno = failure;
        return 1;
    }
    return 0;
}

static void raw_write(const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    while (size) {
        ssize_t done = real(out, data, size);
        if (done <= 0) _exit(97);
        data = (const char *)data + done;
        size -= (size_t)done;
    }
}

static void note(char kind, int fd, int64_t number, const void *a, uint32_t la, const void *b, uint32_t lb) {
    int kept = errno;
    pthread_mutex_lock(&guard);
    if (out == -2) {
        REAL(int, "open64", const char *, int, ...);
        const char *name = getenv("MBO_IO_TRACE");
        out = name ? real(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    if (out >= 0) {
        char head[21];
        memcpy(head, &kind, 1);
        memcpy(head + 1, &fd, 4);
        memcpy(head + 5, &number, 8);
        memcpy(head + 13, &la, 4);
        memcpy(head + 17, &lb, 4);
        raw_write(head, sizeof head);
        if (la) raw_write(a, la);
        if (lb) raw_write(b, lb);
    }
    pthread_mutex_unlock(&guard);
    errno = kept;
}

static int opened(int fd, const char *path, int flags) {
    if (fd >= 0 && fd < FILES) {
        ours[fd] = (unsigned char)below(path);
        if (ours[fd]) note('O', fd, flags, path, (uint32_t)strlen(path), "", 0);
    }
    return fd;
}

#define MODE \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list more; va_start(more, flags); mode = va_arg(more, mode_t); va_end(more); }

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    MODE
    if (below(path) && fails()) return -1;
    return opened(real(path, flags, mode), path, flags);
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    MODE
    if (below(path) && fails()) return -1;
    return opened(real(path, flags, mode), path, flags);
}

int openat(int folder, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    MODE
    if (below(path) && fails()) return -1;
    return opened(real(folder, path, flags, mode), path, flags);
}

int openat64(int folder, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...);
    MODE
    if (below(path) && fails()) return -1;
    return opened(real(folder, path, flags, mode), path, flags);
}

int close(int fd) {
    REAL(int, "close", int);
    if (mine(fd)) {
        note('C', fd, 0, "", 0, "", 0);
        ours[fd] = 0;
    }
    return real(fd);
}

ssize_t read(int fd, void *data, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (mine(fd) && fails()) return -1;
    return real(fd, data, size);
}

ssize_t pread(int fd, void *data, size_t size, off_t place) {
    REAL(ssize_t, "pread", int, void *, size_t, off_t);
    if (mine(fd) && fails()) return -1;
    return real(fd, data, size, place);
}

ssize_t pread64(int fd, void *data, size_t size, off64_t place) {
    REAL(ssize_t, "pread64", int, void *, size_t, off64_t);
    if (mine(fd) && fails()) return -1;
    return real(fd, data, size, place);
}

ssize_t write(int fd, const void *data, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (fd == 1) note('A', 1, 0, data, (uint32_t)size, "", 0);
    if (!mine(fd)) return real(fd, data, size);
    if (fails()) return -1;
    off_t place = lseek(fd, 0, SEEK_CUR);
    ssize_t done = real(fd, data, size);
    if (done > 0) note('W', fd, place, data, (uint32_t)done, "", 0);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t place) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (mine(fd) && fails()) return -1;
    ssize_t done = real(fd, data, size, place);
    if (done > 0 && mine(fd)) note('W', fd, place, data, (uint32_t)done, "", 0);
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t place) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    if (mine(fd) && fails()) return -1;
    ssize_t done = real(fd, data, size, place);
    if (done > 0 && mine(fd)) note('W', fd, place, data, (uint32_t)done, "", 0);
    return done;
}

/* Whoever copies inside the kernel is sent back to plain writes. */
ssize_t sendfile(int to, int from, off_t *place, size_t size) {
    (void)to; (void)from; (void)place; (void)size;
    errno = ENOTSOCK;
    return -1;
}

ssize_t sendfile64(int to, int from, off64_t *place, size_t size) {
    (void)to; (void)from; (void)place; (void)size;
    errno = ENOTSOCK;
    return -1;
}

static int truncated(int fd, int64_t size, int done) {
    if (done == 0 && mine(fd)) note('T', fd, size, "", 0, "", 0);
    return done;
}

int ftruncate(int fd, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    if (mine(fd) && fails()) return -1;
    return truncated(fd, size, real(fd, size));
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    if (mine(fd) && fails()) return -1;
    return truncated(fd, size, real(fd, size));
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    if (mine(fd) && fails()) return -1;
    if (mine(fd)) note('S', fd, 0, "", 0, "", 0);
    return getenv("MBO_IO_NOSYNC") ? 0 : real(fd);
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    if (mine(fd) && fails()) return -1;
    if (mine(fd)) note('S', fd, 0, "", 0, "", 0);
    return getenv("MBO_IO_NOSYNC") ? 0 : real(fd);
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    int ours_too = below(from) || below(to);
    if (ours_too && fails()) return -1;
    int done = real(from, to);
    if (done == 0 && ours_too) note('R', -1, 0, from, (uint32_t)strlen(from), to, (uint32_t)strlen(to));
    return done;
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    if (below(path) && fails()) return -1;
    int done = real(path);
    if (done == 0 && below(path)) note('U', -1, 0, path, (uint32_t)strlen(path), "", 0);
    return done;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    if (below(path) && fails()) return -1;
    int done = real(path, mode);
    if (done == 0 && below(path)) note('M', -1, 0, path, (uint32_t)strlen(path), "", 0);
    return done;
}

int rmdir(const char *path) {
    REAL(int, "rmdir", const char *);
    if (below(path) && fails()) return -1;
    int done = real(path);
    if (done == 0 && below(path)) note('D', -1, 0, path, (uint32_t)strlen(path), "", 0);
    return done;
}

int socket(int family, int type, int protocol) {
    REAL(int, "socket", int, int, int);
    if (family == AF_INET || family == AF_INET6) note('I', -1, family, "", 0, "", 0);
    return real(family, type, protocol);
}
