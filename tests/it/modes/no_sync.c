/* Loaded before the C library: `fsync` on the folder that ends in NO_SYNC_FOLDER fails while the file NO_SYNC_WHILE exists. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int fsync(int fd) {
    const char *folder = getenv("NO_SYNC_FOLDER"), *failing = getenv("NO_SYNC_WHILE");
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (folder && failing && length > 0 && access(failing, F_OK) == 0) {
        path[length] = 0;
        size_t ending = strlen(folder);
        if ((size_t)length >= ending && strcmp(path + length - ending, folder) == 0) {
            errno = EIO;
            return -1;
        }
    }
    return (int)syscall(SYS_fsync, fd);
}
