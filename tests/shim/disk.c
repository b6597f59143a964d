/* A disk that fails on demand, for LD_PRELOAD in front of the real binary; compiled by tests/it/disk.rs.
 *
 * DISK_CONTROL names a file whose lines say what fails: `sync antrean.db 5` fails every fsync and fdatasync of paths that end so
 * with errno 5; `write` and `truncate` likewise. `delay antrean.db-wal 200` makes each of these syncs take 200 milliseconds more.
 * Without the file nothing fails. DISK_JOURNAL names a file that keeps every write,
 * truncation, removal and sync of paths that contain `antrean.db`, so that a test can tell what a disk would have after a
 * loss of power. A failed sync drops what was not synced before, as Linux does.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int journal = -2;

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "antrean.db") != NULL;
}

/* The number that stands behind this: the errno with which it is to fail, or milliseconds; 0 for none. */
static int fails(const char *what, const char *path) {
    const char *control = getenv("DISK_CONTROL");
    FILE *lines = control ? fopen(control, "re") : NULL;
    if (!lines) return 0;
    char verb[32], ending[256];
    int code, found = 0;
    while (!found && fscanf(lines, "%31s %255s %d", verb, ending, &code) == 3) {
        size_t whole = strlen(path), part = strlen(ending);
        if (!strcmp(verb, what) && whole >= part && !strcmp(path + whole - part, ending)) found = code;
    }
    fclose(lines);
    return found;
}

/* One record: kind, thread, length of the path, offset, length of the data; path; data. */
static void keep(char kind, const char *path, uint64_t offset, const void *data, uint64_t length) {
    pthread_mutex_lock(&turn);
    if (journal == -2) {
        const char *name = getenv("DISK_JOURNAL");
        journal = name ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    if (journal >= 0) {
        uint64_t head[5] = {(uint64_t)kind, (uint64_t)syscall(SYS_gettid), strlen(path), offset, length};
        struct iovec parts[3] = {{head, sizeof head}, {(void *)path, strlen(path)}, {(void *)data, data ? length : 0}};
        if (writev(journal, parts, data ? 3 : 2) < 0) abort();
    }
    pthread_mutex_unlock(&turn);
}

static int synced(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd);
    int code = fails("sync", path), delay = fails("delay", path);
    keep('B', path, 0, NULL, 0);
    if (delay) usleep((useconds_t)delay * 1000);
    int done = code ? -1 : real(fd);
    if (code) errno = code;
    int kept = errno;
    keep(done == 0 ? 'S' : 'F', path, 0, NULL, 0);
    errno = kept;
    return done;
}

int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
int fsync(int fd) { return synced(fd, REAL(fsync)); }

static ssize_t written(int fd, const void *data, size_t length, off_t offset, ssize_t (*real)(int, const void *, size_t, off_t)) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return real(fd, data, length, offset);
    int code = fails("write", path);
    if (code) {
        errno = code;
        return -1;
    }
    ssize_t done = real(fd, data, length, offset);
    if (done > 0) keep('W', path, (uint64_t)offset, data, (uint64_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return written(fd, data, length, offset, REAL(pwrite)); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return written(fd, data, length, offset, REAL(pwrite)); }

static ssize_t at_end(int fd, const void *data, size_t length, off_t offset) {
    (void)offset;
    return REAL(write)(fd, data, length);
}

ssize_t write(int fd, const void *data, size_t length) {
    char path[PATH_MAX];
    if (fd <= 2 || !path_of(fd, path)) return REAL(write)(fd, data, length);
    return written(fd, data, length, lseek(fd, 0, SEEK_CUR), at_end);
}

static int truncated(int fd, off_t length) {
    char path[PATH_MAX];
    if (!path_of(fd, path)) return REAL(ftruncate)(fd, length);
    int code = fails("truncate", path);
    if (code) {
        errno = code;
        return -1;
    }
    int done = REAL(ftruncate)(fd, length);
    if (done == 0) keep('T', path, (uint64_t)length, NULL, 0);
    return done;
}

int ftruncate(int fd, off_t length) { return truncated(fd, length); }
int ftruncate64(int fd, off_t length) { return truncated(fd, length); }

int unlink(const char *path) {
    int done = REAL(unlink)(path);
    if (done == 0 && strstr(path, "antrean.db")) keep('U', path, 0, NULL, 0);
    return done;
}
