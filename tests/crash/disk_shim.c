/*
 * Stands between a program and the C library: records what reaches the files below one folder, in the order of the
 * calls, and makes one of these calls fail. Preloaded by the tests of power cuts and of failing disks; Linux only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum kind { OPEN = 1, CLOSE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, NOTE };
enum failing { NEVER, ONCE, FROM_THEN_ON };

struct record {
    uint32_t kind;
    int32_t descriptor;
    int64_t offset;
    uint32_t size;
    uint32_t flags;
};

#define DESCRIPTORS 4096
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static char folder[4096];
static size_t folder_length;
static unsigned char watched[DESCRIPTORS];
static int journal = -1;
static int calls, failing_call, failing_error;
static enum failing failing;

#define REAL(name) ((__typeof__(&name))real(#name))

static void *real(const char *name)
{
    return dlsym(RTLD_NEXT, name);
}

static int is_below(const char *path)
{
    return folder_length && !strncmp(path, folder, folder_length) && (path[folder_length] == '/' || !path[folder_length]);
}

static int is_watched(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS && watched[descriptor];
}

static void put(const void *data, size_t size)
{
    const char *rest = data;
    while (size) {
        ssize_t taken = REAL(write)(journal, rest, size);
        if (taken < 0)
            _exit(99);
        rest += taken;
        size -= (size_t)taken;
    }
}

static void record(enum kind kind, int descriptor, int64_t offset, const void *data, size_t size, int flags)
{
    struct record entry = {kind, descriptor, offset, (uint32_t)size, (uint32_t)flags};
    int kept = errno;
    if (journal < 0)
        return;
    put(&entry, sizeof entry);
    put(data, size);
    errno = kept;
}

static void record_paths(enum kind kind, const char *first, const char *second)
{
    char both[8192];
    size_t length = strlen(first) + 1, more = second ? strlen(second) + 1 : 0;
    memcpy(both, first, length);
    memcpy(both + length, second ? second : "", more);
    record(kind, -1, 0, both, length + more, 0);
}

/* Whether this call must fail. A full disk refuses from then on whatever needs room; other faults strike once. */
static int must_fail(int needs_room)
{
    calls++;
    if (failing == NEVER || calls < failing_call || (failing == ONCE && calls > failing_call))
        return 0;
    if (failing == FROM_THEN_ON && !needs_room)
        return 0;
    errno = failing_error;
    return 1;
}

void disk_watch(const char *path, int descriptor)
{
    folder_length = strlen(path);
    memcpy(folder, path, folder_length + 1);
    journal = descriptor;
}

void disk_fail(int at, int error, int for_good)
{
    pthread_mutex_lock(&guard);
    calls = 0;
    failing_call = at;
    failing_error = error;
    failing = at <= 0 ? NEVER : for_good ? FROM_THEN_ON : ONCE;
    pthread_mutex_unlock(&guard);
}

int disk_calls(void)
{
    return calls;
}

void disk_note(const char *text, int size)
{
    pthread_mutex_lock(&guard);
    record(NOTE, -1, 0, text, (size_t)size, 0);
    pthread_mutex_unlock(&guard);
}

static int open_watched(const char *name, const char *path, int flags, mode_t mode)
{
    int (*call)(const char *, int, ...) = (int (*)(const char *, int, ...))real(name);
    int descriptor = -1, writes = (flags & O_ACCMODE) != O_RDONLY || flags & O_CREAT;
    if (!is_below(path))
        return call(path, flags, mode);
    pthread_mutex_lock(&guard);
    if (!writes || !must_fail(flags & O_CREAT && access(path, F_OK))) {
        descriptor = call(path, flags, mode);
        if (descriptor >= 0 && descriptor < DESCRIPTORS) {
            watched[descriptor] = 1;
            record(OPEN, descriptor, 0, path, strlen(path), flags);
        }
    }
    pthread_mutex_unlock(&guard);
    return descriptor;
}

#define OPENING(name)                                                 \
    int name(const char *path, int flags, ...)                        \
    {                                                                 \
        mode_t mode = 0;                                              \
        if (flags & O_CREAT) {                                        \
            va_list more;                                             \
            va_start(more, flags);                                    \
            mode = va_arg(more, mode_t);                              \
            va_end(more);                                             \
        }                                                             \
        return open_watched(#name, path, flags, mode);                \
    }
OPENING(open)
OPENING(open64)

int close(int descriptor)
{
    int result;
    if (!is_watched(descriptor))
        return REAL(close)(descriptor);
    pthread_mutex_lock(&guard);
    watched[descriptor] = 0;
    record(CLOSE, descriptor, 0, "", 0, 0);
    result = REAL(close)(descriptor);
    pthread_mutex_unlock(&guard);
    return result;
}

/* The write that meets a full disk takes what still fits, as a real disk does. */
static size_t taken_size(size_t size)
{
    return failing == FROM_THEN_ON && calls + 1 == failing_call && size > 1 ? size / 2 : size;
}

ssize_t write(int descriptor, const void *data, size_t size)
{
    ssize_t taken = -1;
    struct stat state;
    if (!is_watched(descriptor))
        return REAL(write)(descriptor, data, size);
    pthread_mutex_lock(&guard);
    size_t fits = taken_size(size);
    if (fits < size || !must_fail(1)) {
        int64_t place = lseek(descriptor, 0, SEEK_CUR);
        if (fcntl(descriptor, F_GETFL) & O_APPEND && !fstat(descriptor, &state))
            place = state.st_size;
        calls += fits < size;
        taken = REAL(write)(descriptor, data, fits);
        if (taken > 0)
            record(WRITE, descriptor, place, data, (size_t)taken, 0);
    }
    pthread_mutex_unlock(&guard);
    return taken;
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t place)
{
    ssize_t taken = -1;
    if (!is_watched(descriptor))
        return REAL(pwrite64)(descriptor, data, size, place);
    pthread_mutex_lock(&guard);
    size_t fits = taken_size(size);
    if (fits < size || !must_fail(1)) {
        calls += fits < size;
        taken = REAL(pwrite64)(descriptor, data, fits, place);
        if (taken > 0)
            record(WRITE, descriptor, place, data, (size_t)taken, 0);
    }
    pthread_mutex_unlock(&guard);
    return taken;
}

ssize_t pwrite(int descriptor, const void *data, size_t size, off_t place)
{
    return pwrite64(descriptor, data, size, place);
}

static int on_descriptor(const char *name, enum kind kind, int descriptor)
{
    int (*call)(int) = (int (*)(int))real(name), result = -1;
    if (!is_watched(descriptor))
        return call(descriptor);
    pthread_mutex_lock(&guard);
    if (!must_fail(0)) {
        result = call(descriptor);
        if (!result)
            record(kind, descriptor, 0, "", 0, 0);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

int fsync(int descriptor)
{
    return on_descriptor("fsync", SYNC, descriptor);
}

int fdatasync(int descriptor)
{
    return on_descriptor("fdatasync", SYNC, descriptor);
}

int ftruncate64(int descriptor, off64_t length)
{
    int result = -1;
    struct stat state;
    if (!is_watched(descriptor))
        return REAL(ftruncate64)(descriptor, length);
    pthread_mutex_lock(&guard);
    if (!must_fail(!fstat(descriptor, &state) && state.st_size < length)) {
        result = REAL(ftruncate64)(descriptor, length);
        if (!result)
            record(TRUNCATE, descriptor, length, "", 0, 0);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

int ftruncate(int descriptor, off_t length)
{
    return ftruncate64(descriptor, length);
}

int rename(const char *source, const char *target)
{
    int result = -1;
    if (!is_below(target))
        return REAL(rename)(source, target);
    pthread_mutex_lock(&guard);
    if (!must_fail(0)) {
        result = REAL(rename)(source, target);
        if (!result)
            record_paths(RENAME, source, target);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

static int on_path(const char *name, enum kind kind, const char *path)
{
    int (*call)(const char *) = (int (*)(const char *))real(name), result = -1;
    if (!is_below(path))
        return call(path);
    pthread_mutex_lock(&guard);
    if (!must_fail(0)) {
        result = call(path);
        if (!result)
            record_paths(kind, path, NULL);
    }
    pthread_mutex_unlock(&guard);
    return result;
}

int unlink(const char *path)
{
    return on_path("unlink", UNLINK, path);
}

int rmdir(const char *path)
{
    return on_path("rmdir", RMDIR, path);
}

int mkdir(const char *path, mode_t mode)
{
    int result = -1;
    if (!is_below(path))
        return REAL(mkdir)(path, mode);
    pthread_mutex_lock(&guard);
    if (!must_fail(access(path, F_OK) != 0)) {
        result = REAL(mkdir)(path, mode);
        if (!result)
            record_paths(MKDIR, path, NULL);
    }
    pthread_mutex_unlock(&guard);
    return result;
}
