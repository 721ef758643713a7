// Lets calls on files fail while a control file is there, which says "CALL ERRNO PART-OF-PATH". CALL is write, fsync, rename or
// link; "short" instead of a number makes writes take half of what they are given.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

static const int kShort = -1;

// The error to fail with, kShort, or 0. Only for paths that the control file means.
static int fault(const char* call, const char* path) {
  const char* control = getenv("FAILING_IO_CONTROL");
  FILE* file = control == NULL ? NULL : fopen(control, "r");
  if (file == NULL) {
    return 0;
  }
  char which[16] = "", error[16] = "", part[256] = "";
  int read = fscanf(file, "%15s %15s %255s", which, error, part);
  fclose(file);
  if (read != 3 || strcmp(which, call) != 0 || strstr(path, part) == NULL) {
    return 0;
  }
  return strcmp(error, "short") == 0 ? kShort : atoi(error);
}

static int fault_of(const char* call, int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0 || path[0] != '/') {
    return 0;
  }
  path[length] = '\0';
  int saved = errno;
  int error = fault(call, path);
  errno = saved;
  return error;
}

#define REAL(name) __typeof__(name)* real = (__typeof__(name)*)dlsym(RTLD_NEXT, #name)
#define FAIL_IF(error) \
  if (error > 0) {     \
    errno = error;     \
    return -1;         \
  }

ssize_t write(int fd, const void* bytes, size_t count) {
  REAL(write);
  int error = fault_of("write", fd);
  FAIL_IF(error);
  return real(fd, bytes, error == kShort && count > 1 ? count / 2 : count);
}

ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  REAL(pwrite);
  int error = fault_of("write", fd);
  FAIL_IF(error);
  return real(fd, bytes, error == kShort && count > 1 ? count / 2 : count, offset);
}

ssize_t pwrite64(int fd, const void* bytes, size_t count, off64_t offset) {
  REAL(pwrite64);
  int error = fault_of("write", fd);
  FAIL_IF(error);
  return real(fd, bytes, error == kShort && count > 1 ? count / 2 : count, offset);
}

int fsync(int fd) {
  REAL(fsync);
  int error = fault_of("fsync", fd);
  FAIL_IF(error);
  return real(fd);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  int error = fault_of("fsync", fd);
  FAIL_IF(error);
  return real(fd);
}

int rename(const char* from, const char* to) {
  REAL(rename);
  int error = fault("rename", to);
  FAIL_IF(error);
  return real(from, to);
}

int link(const char* from, const char* to) {
  REAL(link);
  int error = fault("link", to);
  FAIL_IF(error);
  return real(from, to);
}
