/* A disk that loses its power, or fails, at a chosen call; for LD_PRELOAD in front of the real binary; compiled by tests/it/drill/disk_model.rs.
 *
 * POWER_ROOT names the folder whose files are watched, POWER_CONTROL a file of 64-bit numbers through which the test and this library
 * talk (`struct Control`). Every call that changes a watched file or folder, syncs one, or sends to a socket of the network is counted
 * before it is made; the test says at which count something happens:
 *
 *   cut_at    The power is cut. Of each file survives what was synced, and of what was written since any subset of 512-byte sectors;
 *             of a write that made a file longer maybe the length alone. A new, renamed or removed name survives where its folder was
 *             synced, and else, in some cuts, the first of them do, as with a journaling file system. The files are put into that state
 *             and the process is killed.
 *   kill_at   The process is killed; the files are left as they are, as a crash of the program alone leaves them.
 *   fault_at  The call fails with `fault_errno`, or, where that is 0, a write takes only half of its bytes. With `fault_ever` all later
 *             calls of that kind on that class of file fail too, until the test sets `fault_at` to 0. `fault_kind` names the kind of
 *             call, as in `point`, that it waits for; 0 for any.
 *
 * A failed sync drops what was not synced before, as Linux does. `lies` names syncs that report success and do nothing: of the log (1), of
 * the database's file (2), of other files (4), of folders (8). Watched files are not really synced, since only this model is asked; a sync
 * takes `sync_us` microseconds, so that others write meanwhile. A file that ends in -shm is memory that processes share: it is not watched,
 * and a cut removes it or leaves it.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define SECTOR 512
/* Calls whose kind is kept. */
#define TRACED 65536
/* What `point` gives for a write that is to take half of its bytes. */
#define SHORT (-1)

/* The order is that of `Field` in disk_model.rs. */
struct Control {
    uint64_t calls, cut_at, kill_at, fault_at, fault_errno, fault_ever, fault_kind, lies, seed, sync_us;
    /* What came of it: calls that failed, the call of the cut, sectors and names that were not synced, and how many of them survived. */
    uint64_t faults, ended_at, sectors, sectors_kept, names, names_kept;
    char unused[4096 - 16 * 8];
    /* For each call its kind and the class of its file. */
    char trace[TRACED][2];
};

/* What was done to a file since its last sync: a write, or, without data, a new length. */
struct Write {
    uint64_t number, offset, length;
    unsigned char *data;
};

struct Object {
    dev_t device;
    ino_t inode;
    mode_t mode;
    char class;
    /* What the disk has. */
    unsigned char *bytes;
    uint64_t size;
    struct Write *writes;
    size_t count, room;
    struct Object *next;
};

/* A name, and what the disk has under it: `NULL` for nothing. */
struct Name {
    char *path;
    struct Object *object;
    struct Name *next;
};

/* A change of a folder since its last sync. `from` is no more, `to` is `object`; either may be missing. */
struct Change {
    uint64_t number;
    char *folder, *from, *to;
    struct Object *object;
    struct Change *next;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static struct Control *control;
static char root[PATH_MAX];
static struct Object *objects;
static struct Name *names;
static struct Change *changes, **last_change = &changes;
static uint64_t number, chance;
/* What fails for ever: its kind and class. */
static char failing_kind, failing_class;
/* This thread is inside of the model: what it calls is not watched. */
static __thread int inside;

static void *need(void *memory) {
    if (!memory) abort();
    return memory;
}

__attribute__((constructor)) static void begin(void) {
    const char *file = getenv("POWER_CONTROL"), *folder = getenv("POWER_ROOT");
    if (!file || !folder || !realpath(folder, root)) return;
    int fd = REAL(open)(file, O_RDWR | O_CLOEXEC);
    if (fd < 0) abort();
    control = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (control == MAP_FAILED) abort();
    chance = control->seed;
}

/* The next random number (splitmix64). */
static uint64_t draw(void) {
    uint64_t z = (chance += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static int ends_with(const char *text, const char *ending) {
    size_t whole = strlen(text), part = strlen(ending);
    return whole >= part && !strcmp(text + whole - part, ending);
}

/* Log, file of the database, photo, key of photos, or another file. */
static char class_of(const char *path) {
    if (ends_with(path, ".db-wal")) return 'l';
    if (ends_with(path, ".db")) return 'f';
    if (strstr(path, "antrean-media-keys")) return 'k';
    return strstr(path, "antrean-media") ? 'm' : 'o';
}

/* The whole path of a name that need not exist, if it is watched. */
static int watched(int folder, const char *path, char *whole) {
    char above[PATH_MAX], joined[PATH_MAX * 2];
    if (!control || inside) return 0;
    if (path[0] == '/' || folder == AT_FDCWD) {
        snprintf(joined, sizeof joined, "%s", path);
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t length = readlink(link, above, sizeof above - 1);
        if (length < 0) return 0;
        above[length] = 0;
        snprintf(joined, sizeof joined, "%s/%s", above, path);
    }
    char *slash = strrchr(joined, '/');
    const char *last = slash ? slash + 1 : joined;
    if (slash) *slash = 0;
    if (!realpath(slash ? (slash == joined ? "/" : joined) : ".", above)) return 0;
    if (snprintf(whole, PATH_MAX, "%s/%s", above, last) >= PATH_MAX) return 0;
    size_t length = strlen(root);
    return !strncmp(whole, root, length) && whole[length] == '/' && !ends_with(whole, "-shm");
}

static char *folder_of(const char *path) {
    char *folder = need(strdup(path));
    *strrchr(folder, '/') = 0;
    return folder;
}

static struct Object *object_of(const struct stat *is) {
    for (struct Object *object = objects; object; object = object->next)
        if (object->device == is->st_dev && object->inode == is->st_ino) return object;
    return NULL;
}

static struct Object *new_object(const struct stat *is, const char *path) {
    struct Object *object = need(calloc(1, sizeof *object));
    object->device = is->st_dev;
    object->inode = is->st_ino;
    object->mode = is->st_mode;
    object->class = class_of(path);
    object->next = objects;
    return objects = object;
}

/* The object at a path, which the disk has as it is now unless it is known already. */
static struct Object *existing(const char *path) {
    struct stat is;
    if (lstat(path, &is) != 0 || !(S_ISREG(is.st_mode) || S_ISDIR(is.st_mode))) return NULL;
    struct Object *object = object_of(&is);
    if (object) return object;
    object = new_object(&is, path);
    if (!S_ISREG(is.st_mode)) return object;
    int fd = REAL(open)(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) abort();
    object->size = (uint64_t)is.st_size;
    object->bytes = need(malloc(object->size + 1));
    for (uint64_t at = 0; at < object->size;) {
        ssize_t got = pread(fd, object->bytes + at, object->size - at, (off_t)at);
        if (got <= 0) abort();
        at += (uint64_t)got;
    }
    /* It stays open: to close it would give up the locks that SQLite has on the file (`man 2 fcntl`). */
    return object;
}

/* The name of a path, before anything is done to it. */
static struct Name *name_of(const char *path) {
    for (struct Name *name = names; name; name = name->next)
        if (!strcmp(name->path, path)) return name;
    struct Name *name = need(calloc(1, sizeof *name));
    name->path = need(strdup(path));
    name->object = existing(path);
    name->next = names;
    return names = name;
}

static void changed(const char *folder, const char *from, const char *to, struct Object *object) {
    struct Change *change = need(calloc(1, sizeof *change));
    change->number = ++number;
    change->folder = need(strdup(folder));
    change->from = from ? need(strdup(from)) : NULL;
    change->to = to ? need(strdup(to)) : NULL;
    change->object = object;
    *last_change = change;
    last_change = &change->next;
}

static void resize(struct Object *object, uint64_t size) {
    if (size > object->size) {
        object->bytes = need(realloc(object->bytes, size + 1));
        memset(object->bytes + object->size, 0, size - object->size);
    }
    object->size = size;
}

static void put(struct Object *object, uint64_t offset, const unsigned char *data, uint64_t length) {
    if (offset + length > object->size) resize(object, offset + length);
    memcpy(object->bytes + offset, data, length);
}

static void note(struct Object *object, uint64_t offset, const void *data, uint64_t length) {
    if (object->count == object->room) {
        object->room = object->room ? object->room * 2 : 64;
        object->writes = need(realloc(object->writes, object->room * sizeof *object->writes));
    }
    struct Write *write = &object->writes[object->count++];
    *write = (struct Write){++number, offset, length, NULL};
    if (data) {
        write->data = need(malloc(length + 1));
        memcpy(write->data, data, length);
    }
}

/* Gives the disk a part of what was written up to a moment; `thousandths` of 1000 for all of it. Forgets it then. */
static void settle(struct Object *object, uint64_t until, unsigned thousandths) {
    size_t left = 0;
    for (size_t n = 0; n < object->count; n++) {
        struct Write write = object->writes[n];
        if (write.number > until) {
            object->writes[left++] = write;
        } else if (!write.data) {
            if (draw() % 1000 < thousandths) resize(object, write.length);
        } else {
            for (uint64_t at = 0; at < write.length;) {
                uint64_t part = SECTOR - (write.offset + at) % SECTOR;
                if (part > write.length - at) part = write.length - at;
                control->sectors += (uint64_t)inside;
                if (draw() % 1000 < thousandths) {
                    control->sectors_kept += (uint64_t)inside;
                    put(object, write.offset + at, write.data + at, part);
                }
                at += part;
            }
            if (write.offset + write.length > object->size && draw() % 1000 < thousandths / 2)
                resize(object, write.offset + write.length);
            free(write.data);
        }
    }
    object->count = left;
}

static void apply(struct Change *change) {
    if (change->from) name_of(change->from)->object = NULL;
    if (change->to) name_of(change->to)->object = change->object;
}

/* Gives the disk the names of a folder, as they were at a moment; the first `most` of them. */
static void settle_folder(const char *folder, uint64_t until, uint64_t most) {
    for (struct Change **at = &changes; *at;) {
        struct Change *change = *at;
        if (strcmp(change->folder, folder) || change->number > until || !most) {
            at = &change->next;
            continue;
        }
        most--;
        apply(change);
        *at = change->next;
    }
    last_change = &changes;
    while (*last_change) last_change = &(*last_change)->next;
}

static void remove_all(const char *path) {
    DIR *folder = opendir(path);
    if (!folder) {
        REAL(unlink)(path);
        return;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        char below[PATH_MAX];
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (snprintf(below, sizeof below, "%s/%s", path, entry->d_name) < PATH_MAX) remove_all(below);
    }
    closedir(folder);
    REAL(rmdir)(path);
}

static void restore(const struct Name *name) {
    if (S_ISDIR(name->object->mode)) {
        REAL(mkdir)(name->path, name->object->mode & 07777);
        return;
    }
    int fd = REAL(open)(name->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, name->object->mode & 07777);
    /* Its folder did not survive. */
    if (fd < 0 && errno == ENOENT) return;
    if (fd < 0) abort();
    for (uint64_t at = 0; at < name->object->size;) {
        ssize_t done = REAL(pwrite)(fd, name->object->bytes + at, name->object->size - at, (off_t)at);
        if (done <= 0) abort();
        at += (uint64_t)done;
    }
    close(fd);
}

/* The moment after which nothing more is done: the files become what a disk without power has. The lock is kept for ever. */
static void cut(void) {
    inside = 1;
    control->ended_at = control->calls;
    /* So that the seed alone decides, whatever was drawn for syncs that failed. */
    chance = control->seed;
    static const unsigned shares[] = {0, 0, 100, 500, 900, 1000};
    unsigned share = shares[draw() % 6];
    /* None of the names in half of the cuts, all in some, else the first of each folder. */
    uint64_t of_names = draw() % 6;
    for (struct Object *object = objects; object; object = object->next) settle(object, UINT64_MAX, share);
    for (struct Change *change = changes; change; change = change->next) control->names++;
    uint64_t before = control->names;
    for (int again = of_names >= 3; again;) {
        again = 0;
        for (struct Change *change = changes; change; change = change->next) {
            if (of_names != 5 && draw() % 2) continue;
            char *folder = need(strdup(change->folder));
            settle_folder(folder, UINT64_MAX, 1);
            free(folder);
            before--;
            again = 1;
            break;
        }
    }
    control->names_kept = control->names - before;
    for (struct Name *name = names; name; name = name->next)
        if (!name->object) remove_all(name->path);
    /* Names are listed newest first, so a folder may come after its files: twice. */
    for (int round = 0; round < 2; round++)
        for (struct Name *name = names; name; name = name->next)
            if (name->object) restore(name);
    if (draw() % 2) {
        char shared[PATH_MAX + 16];
        snprintf(shared, sizeof shared, "%s/antrean.db-shm", root);
        REAL(unlink)(shared);
    }
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/* A call that is about to be made, with the lock held: whether it is to fail, and how. 0 for not. */
static int point(char kind, char class) {
    uint64_t n = ++control->calls;
    if (n < TRACED) {
        control->trace[n][0] = kind;
        control->trace[n][1] = class;
    }
    if (control->cut_at && n >= control->cut_at) cut();
    if (control->kill_at && n >= control->kill_at) {
        control->ended_at = n;
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (!control->fault_at || n < control->fault_at) {
        if (!control->fault_at) failing_kind = 0;
        return 0;
    }
    if (control->fault_kind && control->fault_kind != (uint64_t)kind) return 0;
    if (kind == 'n' || kind == 'u' || (!control->fault_errno && kind != 'w')) return 0;
    if (failing_kind ? !control->fault_ever || kind != failing_kind || class != failing_class : 0) return 0;
    failing_kind = kind;
    failing_class = class;
    control->faults++;
    return control->fault_errno ? (int)control->fault_errno : SHORT;
}

/* The watched file behind a descriptor. */
static struct Object *behind(int fd) {
    struct stat is;
    if (!control || inside || fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) return NULL;
    pthread_mutex_lock(&turn);
    struct Object *object = object_of(&is);
    pthread_mutex_unlock(&turn);
    return object;
}

static int is_network(int fd) {
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    if (!control || inside || getsockname(fd, (struct sockaddr *)&name, &length) != 0) return 0;
    return name.ss_family == AF_INET || name.ss_family == AF_INET6;
}

/* Something is about to be sent. Not with the lock held: whoever reads it may want a turn. */
static void sending(int fd) {
    int kept = errno;
    if (is_network(fd)) {
        pthread_mutex_lock(&turn);
        point('n', '-');
        pthread_mutex_unlock(&turn);
    }
    errno = kept;
}

/* Whether a sync reports what is not so. */
static int is_lie(char kind, char class) {
    uint64_t of = kind == 'd' ? 8 : class == 'l' ? 1 : class == 'f' ? 2 : 4;
    return (control->lies & of) != 0;
}

static int failed(int code) {
    pthread_mutex_unlock(&turn);
    errno = code;
    return -1;
}

static ssize_t written(struct Object *object, int fd, const void *data, size_t length, off_t offset) {
    pthread_mutex_lock(&turn);
    int fault = point('w', object->class);
    if (fault > 0) return failed(fault);
    if (fault == SHORT && length > 1) length /= 2;
    ssize_t done = REAL(pwrite)(fd, data, length, offset);
    int kept = errno;
    if (done > 0) note(object, (uint64_t)offset, data, (uint64_t)done);
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    struct Object *object = behind(fd);
    return object ? written(object, fd, data, length, offset) : REAL(pwrite)(fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { return pwrite(fd, data, length, offset); }

ssize_t write(int fd, const void *data, size_t length) {
    struct Object *object = behind(fd);
    if (!object) {
        sending(fd);
        return REAL(write)(fd, data, length);
    }
    /* Nothing in this program appends by O_APPEND. */
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = written(object, fd, data, length, offset);
    if (done > 0) lseek(fd, offset + done, SEEK_SET);
    return done;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (!behind(fd)) {
        sending(fd);
        return REAL(writev)(fd, parts, count);
    }
    /* A write may always take less than it was given. */
    for (int n = 0; n < count; n++)
        if (parts[n].iov_len) return write(fd, parts[n].iov_base, parts[n].iov_len);
    return 0;
}

ssize_t send(int fd, const void *data, size_t length, int flags) {
    sending(fd);
    return REAL(send)(fd, data, length, flags);
}

ssize_t sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    sending(fd);
    return REAL(sendto)(fd, data, length, flags, to, size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    sending(fd);
    return REAL(sendmsg)(fd, message, flags);
}

int ftruncate(int fd, off_t length) {
    struct Object *object = behind(fd);
    if (!object) return REAL(ftruncate)(fd, length);
    pthread_mutex_lock(&turn);
    int fault = point('t', object->class);
    if (fault > 0) return failed(fault);
    int done = REAL(ftruncate)(fd, length);
    int kept = errno;
    if (done == 0) note(object, 0, NULL, (uint64_t)length);
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

/* Waits as a disk would, while others go on. */
static void wait_for_disk(void) {
    pthread_mutex_unlock(&turn);
    usleep((useconds_t)control->sync_us);
    pthread_mutex_lock(&turn);
}

/* The standard library copies files by these; this program never does so into its own files, and the model would not see it. */
ssize_t copy_file_range(int in, off64_t *from, int out, off64_t *to, size_t length, unsigned flags) {
    if (behind(out)) abort();
    return REAL(copy_file_range)(in, from, out, to, length, flags);
}

ssize_t sendfile64(int out, int in, off64_t *from, size_t length) {
    if (behind(out)) abort();
    sending(out);
    return REAL(sendfile64)(out, in, from, length);
}

static int synced(int fd, int (*real)(int)) {
    struct stat is;
    if (!control || inside || fstat(fd, &is) != 0) return real(fd);
    char path[PATH_MAX], link[64];
    if (S_ISDIR(is.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path - 1);
        if (length < 0 || strncmp(path, root, strlen(root))) return real(fd);
        path[length] = 0;
        pthread_mutex_lock(&turn);
        uint64_t until = number;
        int fault = point('d', class_of(path));
        wait_for_disk();
        if (fault > 0) return failed(fault);
        if (!is_lie('d', 0)) settle_folder(path, until, UINT64_MAX);
        pthread_mutex_unlock(&turn);
        return 0;
    }
    struct Object *object = behind(fd);
    if (!object) return real(fd);
    pthread_mutex_lock(&turn);
    uint64_t until = number;
    int fault = point('s', object->class);
    wait_for_disk();
    if (fault > 0) {
        /* Some of it may have reached the disk, in any order. */
        settle(object, until, 300);
        return failed(fault);
    }
    if (!is_lie('s', object->class)) settle(object, until, 1000);
    pthread_mutex_unlock(&turn);
    return 0;
}

int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }
int fsync(int fd) { return synced(fd, REAL(fsync)); }

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char whole[PATH_MAX];
    int writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT);
    if (!writes || !watched(folder, path, whole)) return REAL(openat)(folder, path, flags, mode);
    pthread_mutex_lock(&turn);
    struct stat is;
    int is_new = (flags & O_CREAT) && lstat(whole, &is) != 0;
    if (is_new) {
        int fault = point('c', class_of(whole));
        if (fault > 0) return failed(fault);
    }
    name_of(whole);
    int fd = REAL(openat)(folder, path, flags, mode);
    int kept = errno;
    if (fd >= 0 && is_new && fstat(fd, &is) == 0) {
        char *above = folder_of(whole);
        changed(above, NULL, whole, new_object(&is, whole));
        free(above);
    } else if (fd >= 0 && (flags & O_TRUNC) && existing(whole)) {
        note(existing(whole), 0, NULL, 0);
    }
    pthread_mutex_unlock(&turn);
    errno = kept;
    return fd;
}

static mode_t mode_of(int flags, va_list more) { return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0; }

#define OPEN(name, folder, ...)                      \
    int name(__VA_ARGS__, int flags, ...) {          \
        va_list more;                                \
        va_start(more, flags);                       \
        mode_t mode = mode_of(flags, more);          \
        va_end(more);                                \
        return opened(folder, path, flags, mode);    \
    }

OPEN(open, AT_FDCWD, const char *path)
OPEN(open64, AT_FDCWD, const char *path)
OPEN(openat, folder, int folder, const char *path)
OPEN(openat64, folder, int folder, const char *path)

int rename(const char *from, const char *to) {
    char whole_from[PATH_MAX], whole_to[PATH_MAX];
    if (!watched(AT_FDCWD, from, whole_from) || !watched(AT_FDCWD, to, whole_to)) return REAL(rename)(from, to);
    pthread_mutex_lock(&turn);
    int fault = point('r', class_of(whole_to));
    if (fault > 0) return failed(fault);
    name_of(whole_from);
    name_of(whole_to);
    struct Object *object = existing(whole_from);
    int done = REAL(rename)(from, to);
    int kept = errno;
    if (done == 0) {
        char *left = folder_of(whole_from), *joined = folder_of(whole_to);
        if (!strcmp(left, joined)) {
            changed(left, whole_from, whole_to, object);
        } else {
            changed(joined, NULL, whole_to, object);
            changed(left, whole_from, NULL, NULL);
        }
        free(left);
        free(joined);
    }
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}

static int removed(int folder, const char *path, int flags) {
    char whole[PATH_MAX];
    struct stat is;
    if (!watched(folder, path, whole) || lstat(whole, &is) != 0) return REAL(unlinkat)(folder, path, flags);
    pthread_mutex_lock(&turn);
    point('u', class_of(whole));
    name_of(whole);
    int done = REAL(unlinkat)(folder, path, flags);
    int kept = errno;
    if (done == 0) {
        char *above = folder_of(whole);
        changed(above, whole, NULL, NULL);
        free(above);
    }
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdir(const char *path, mode_t mode) {
    char whole[PATH_MAX];
    struct stat is;
    if (!watched(AT_FDCWD, path, whole) || lstat(whole, &is) == 0) return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&turn);
    int fault = point('c', class_of(whole));
    if (fault > 0) return failed(fault);
    name_of(whole);
    int done = REAL(mkdir)(path, mode);
    int kept = errno;
    if (done == 0 && lstat(whole, &is) == 0) {
        char *above = folder_of(whole);
        changed(above, NULL, whole, new_object(&is, whole));
        free(above);
    }
    pthread_mutex_unlock(&turn);
    errno = kept;
    return done;
}
