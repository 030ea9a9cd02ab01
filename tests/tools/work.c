// SPDX-License-Identifier: GPL-2.0-only
/*
 * work.c - does exactly what it is told, by raw system calls and nothing beside: a workload whose numbers are known.
 *
 *	work STEP ARGUMENTS... STEP ARGUMENTS...
 *
 * A step that begins with ! has to fail, every other has to succeed; if not, work says so and exits with 1.
 * The step `stop` stops the process (SIGSTOP): a test starts its tool now, and SIGCONT lets the work go on.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__arm__) || defined(__aarch64__)
#define LARGEFILE 0400000
#else
#define LARGEFILE 0100000	/* libc's is 0, with 64 bits */
#endif

/* arm64 has only those calls that can name a directory. */
#ifdef SYS_open
#define OPEN(path, flags, mode) syscall(SYS_open, path, flags, mode)
#define CREAT(path, mode) syscall(SYS_creat, path, mode)
#define MKDIR(path, mode) syscall(SYS_mkdir, path, mode)
#define RMDIR(path) syscall(SYS_rmdir, path)
#define UNLINK(path) syscall(SYS_unlink, path)
#define MKNOD(path, mode) syscall(SYS_mknod, path, mode, 0)
#define RENAME(path, to) syscall(SYS_rename, path, to)
#else
#define OPEN(path, flags, mode) syscall(SYS_openat, AT_FDCWD, path, flags, mode)
#define CREAT(path, mode) OPEN(path, O_CREAT | O_WRONLY | O_TRUNC, mode)
#define MKDIR(path, mode) syscall(SYS_mkdirat, AT_FDCWD, path, mode)
#define RMDIR(path) syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR)
#define UNLINK(path) syscall(SYS_unlinkat, AT_FDCWD, path, 0)
#define MKNOD(path, mode) syscall(SYS_mknodat, AT_FDCWD, path, mode, 0)
#define RENAME(path, to) syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, to, 0)
#endif

static int in = -1, out = -1;	/* what read and write use: set by file, pipe, socketpair */
static int dir = AT_FDCWD;	/* the @ of openat: set by dir */
static int resolve;	/* of openat2: set by resolve */
static int pause_us;	/* set by pause */
static char buffer[1 << 20] __attribute__((aligned(4096)));	/* as O_DIRECT wants it */

static const struct {
	const char *name;
	int value;
} flags[] = {
	{ "O_RDONLY", O_RDONLY }, { "O_WRONLY", O_WRONLY }, { "O_RDWR", O_RDWR }, { "O_CREAT", O_CREAT },
	{ "O_EXCL", O_EXCL }, { "O_TRUNC", O_TRUNC }, { "O_APPEND", O_APPEND }, { "O_NONBLOCK", O_NONBLOCK },
	{ "O_SYNC", O_SYNC }, { "O_DSYNC", O_DSYNC }, { "O_DIRECT", O_DIRECT }, { "O_DIRECTORY", O_DIRECTORY },
	{ "O_NOFOLLOW", O_NOFOLLOW }, { "O_NOATIME", O_NOATIME }, { "O_CLOEXEC", O_CLOEXEC }, { "O_PATH", O_PATH },
	{ "O_TMPFILE", O_TMPFILE }, { "O_NOCTTY", O_NOCTTY }, { "O_LARGEFILE", LARGEFILE },
};

/* O_RDWR|O_CREAT */
static int flags_of(const char *text)
{
	char copy[256], *word, *rest = copy;
	int value = 0;

	snprintf(copy, sizeof(copy), "%s", text);
	while ((word = strsep(&rest, "|"))) {
		size_t i = 0;

		while (i < sizeof(flags) / sizeof(*flags) && strcmp(flags[i].name, word))
			i++;
		if (i == sizeof(flags) / sizeof(*flags)) {
			fprintf(stderr, "work: no flag %s\n", word);
			_exit(2);
		}
		value |= flags[i].value;
	}
	return value;
}

static int number(const char *text)
{
	return strtol(text, NULL, 0);
}

/* The n-th name that begins with prefix. */
static const char *nth(const char *prefix, int n)
{
	static __thread char name[4096];

	snprintf(name, sizeof(name), "%s%d", prefix, n);
	return name;
}

static int closed(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd;
}

static int dir_of(const char *text)
{
	return strcmp(text, "@") ? AT_FDCWD : dir;
}

static const char *path_of(const char *text)
{
	return strcmp(text, "0") ? text : NULL;
}

#ifdef __x86_64__
/* A path where 32-bit system calls can point to. A path of "0": the null pointer, for failures. */
static char *low(const char *path)
{
	static char *page;

	if (!page)
		page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	return strcmp(path, "0") ? strcpy(page, path) : NULL;
}

/* A system call of 32-bit programs, arch/x86/entry/syscalls/syscall_32.tbl. Returns as the others do. */
static long call32(int nr, long a, long b, long c, long d)
{
	long ret;

	asm volatile("int $0x80" : "=a"(ret)
		     : "a"(nr), "b"(a), "c"(b), "d"(c), "S"(d)
		     : "memory", "cc", "r8", "r9", "r10", "r11");
	ret = (int)ret;
	errno = ret < 0 ? -ret : 0;
	return ret < 0 ? -1 : ret;
}
#else
/* A program of this kind cannot do 32-bit calls; on arm64 there is work-32, which does no others. */
static char *low(const char *path)
{
	static char nowhere[8192];

	return strcmp(path, "0") ? nowhere : NULL;
}

static long call32(int nr __attribute__((unused)), long a __attribute__((unused)), long b __attribute__((unused)),
		   long c __attribute__((unused)), long d __attribute__((unused)))
{
	errno = ENOSYS;
	return -1;
}
#endif

/* Each step gets its arguments and, if it is done several times, which time it is; -1: failed, with errno. */
typedef long step_fn(char **a, int n);

#define STEP(name) static long step_##name(char **a __attribute__((unused)), int n __attribute__((unused)))

/* opens: path, flags, mode */
STEP(open) { return closed(OPEN(path_of(a[0]), flags_of(a[1]), number(a[2]))); }
STEP(open32) { return closed(call32(5, (long)low(a[0]), flags_of(a[1]), number(a[2]), 0)); }
STEP(create) { return closed(syscall(SYS_openat, AT_FDCWD, nth(a[0], n), O_CREAT | O_WRONLY, 0644)); }
STEP(creat) { return closed(CREAT(path_of(a[0]), number(a[1]))); }
STEP(creat32) { return closed(call32(8, (long)low(a[0]), number(a[1]), 0, 0)); }
/* opens relative to a directory: . (the working directory) or @ (the one of the step dir), path, flags, mode */
STEP(openat) { return closed(syscall(SYS_openat, dir_of(a[0]), path_of(a[1]), flags_of(a[2]), number(a[3]))); }
STEP(openat32)
{
	return closed(call32(295, dir_of(a[0]), (long)low(a[1]), flags_of(a[2]), number(a[3])));
}
/* . or @, path, flags, mode, size of the structure (24 is right) */
STEP(openat2)
{
	struct open_how how = { .flags = flags_of(a[2]), .mode = number(a[3]), .resolve = resolve };

	return closed(syscall(SYS_openat2, dir_of(a[0]), path_of(a[1]), &how, number(a[4])));
}
STEP(openat2_32)
{
	struct open_how *how = (void *)(low("") + 4096);

	*how = (struct open_how){ .flags = flags_of(a[2]), .mode = number(a[3]), .resolve = resolve };
	return closed(call32(437, dir_of(a[0]), (long)low(a[1]), (long)how, number(a[4])));
}
/* opened and left open: path, flags, mode */
STEP(hold) { return syscall(SYS_openat, AT_FDCWD, a[0], flags_of(a[1]), number(a[2])); }
STEP(holdat) { return syscall(SYS_openat, dir_of(a[0]), a[1], flags_of(a[2]), number(a[3])); }
STEP(holdat2)
{
	struct open_how how = { .flags = flags_of(a[2]), .resolve = resolve };

	return syscall(SYS_openat2, dir_of(a[0]), a[1], &how, sizeof(how));
}

/* what later steps work on */
STEP(resolve) { return resolve = number(a[0]), 0; }
STEP(dirfd) { return dir = number(a[0]), 0; }
STEP(dir) { return dir = syscall(SYS_openat, AT_FDCWD, a[0], O_RDONLY | O_DIRECTORY, 0); }
STEP(file) { return in = out = syscall(SYS_openat, AT_FDCWD, a[0], flags_of(a[1]), 0644); }
STEP(from) { return in = syscall(SYS_openat, AT_FDCWD, a[0], O_RDONLY); }
STEP(to) { return out = syscall(SYS_openat, AT_FDCWD, a[0], O_WRONLY | O_CREAT, 0644); }
STEP(close) { return close(in); }
STEP(pipe)
{
	int fds[2], err = pipe(fds);

	in = fds[0], out = fds[1];
	return err;
}
STEP(socketpair)
{
	int fds[2], err = socketpair(AF_UNIX, SOCK_STREAM, 0, fds);

	in = fds[0], out = fds[1];
	return err;
}

/* reads and writes: size, and for some the position */
STEP(read) { return syscall(SYS_read, in, buffer, number(a[0])); }
STEP(write) { return syscall(SYS_write, out, buffer, number(a[0])); }
STEP(pread) { return syscall(SYS_pread64, in, buffer, number(a[0]), number(a[1])); }
STEP(pwrite) { return syscall(SYS_pwrite64, out, buffer, number(a[0]), number(a[1])); }
STEP(readv)
{
	struct iovec to = { buffer, number(a[0]) };

	return syscall(SYS_readv, in, &to, 1);
}
STEP(writev)
{
	struct iovec from = { buffer, number(a[0]) };

	return syscall(SYS_writev, out, &from, 1);
}
STEP(fault) { return syscall(SYS_read, in, -1L, 1); }
/* nothing may be written to there, which only the file system finds */
STEP(astray) { return syscall(SYS_read, in, 4096L, 1); }
STEP(seek) { return lseek(in, number(a[0]), SEEK_SET); }
STEP(fsync) { return syscall(SYS_fsync, out); }
STEP(fdatasync) { return syscall(SYS_fdatasync, out); }

/* without read and write: from `in` (at its beginning) to `out`, size */
STEP(sendfile) { return sendfile(out, in, &(off_t){ 0 }, number(a[0])); }
STEP(splice) { return splice(in, NULL, out, NULL, number(a[0]), 0); }
STEP(copy) { return syscall(SYS_copy_file_range, in, &(loff_t){ 0 }, out, NULL, number(a[0]), 0); }
/* the first page of `out`, read and written in memory, then msync */
STEP(msync)
{
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, out, 0);
	int err;

	if (page == MAP_FAILED)
		return -1;
	page[0] = page[1] + 1;
	err = msync((void *)page, 4096, MS_SYNC);
	munmap((void *)page, 4096);
	return err;
}

/* what the cache has of `in`, given back: the next reads come from the disk, each alone */
STEP(drop)
{
	int err = posix_fadvise(in, 0, 0, POSIX_FADV_RANDOM);

	return (err = err ? err : posix_fadvise(in, 0, 0, POSIX_FADV_DONTNEED)) ? -1 : 0;
}

/* One request by io_uring, waited for; its result. */
static long by_uring(struct io_uring_sqe request)
{
	static struct io_uring_params p;
	static char *ring, *entries;
	static int fd = -1;
	struct io_uring_cqe *cqe;
	unsigned int head, *tail;

	if (fd < 0) {
		fd = syscall(SYS_io_uring_setup, 4, &p);
		ring = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQ_RING);
		entries = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, IORING_OFF_SQES);
		if (fd < 0 || ring == MAP_FAILED || entries == MAP_FAILED || !(p.features & IORING_FEAT_SINGLE_MMAP))
			return -1;
	}
	tail = (void *)(ring + p.sq_off.tail);
	*(struct io_uring_sqe *)entries = request;
	((unsigned int *)(ring + p.sq_off.array))[*tail & (p.sq_entries - 1)] = 0;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) != 1)
		return -1;
	head = *(unsigned int *)(ring + p.cq_off.head);
	cqe = (struct io_uring_cqe *)(ring + p.cq_off.cqes) + (head & (p.cq_entries - 1));
	errno = cqe->res < 0 ? -cqe->res : 0;
	__atomic_store_n((unsigned int *)(ring + p.cq_off.head), head + 1, __ATOMIC_RELEASE);
	return cqe->res < 0 ? -1 : cqe->res;
}

/* by io_uring: the n-th page of `in`; into `out`; fsync of `out`; a path */
STEP(uring_read)
{
	return by_uring((struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = in, .addr = (unsigned long)buffer,
					       .len = 4096, .off = 4096L * n });
}
STEP(uring_write)
{
	return by_uring((struct io_uring_sqe){ .opcode = IORING_OP_WRITE, .fd = out, .addr = (unsigned long)buffer, .len = 1 });
}
STEP(uring_fsync) { return by_uring((struct io_uring_sqe){ .opcode = IORING_OP_FSYNC, .fd = out }); }
STEP(uring_open)
{
	return closed(by_uring((struct io_uring_sqe){ .opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (unsigned long)a[0] }));
}

/* opens that no open call does: by a handle; by the kernel, for accounting */
STEP(handle)
{
	static struct {
		struct file_handle handle;
		char room[128];
	} at = { .handle.handle_bytes = 128 };
	int mount, err = name_to_handle_at(AT_FDCWD, a[0], &at.handle, &mount, 0);

	return err ? err : closed(open_by_handle_at(AT_FDCWD, &at.handle, O_RDONLY));
}
STEP(acct) { return acct(a[0]) ? -1 : acct(NULL); }

/* one byte into the n-th file */
STEP(put)
{
	int fd = syscall(SYS_openat, AT_FDCWD, nth(a[0], n), O_CREAT | O_WRONLY, 0644);
	long ret = syscall(SYS_write, fd, buffer, 1);

	close(fd);
	return ret;
}

STEP(get)
{
	int fd = syscall(SYS_openat, AT_FDCWD, nth(a[0], n), O_RDONLY);
	long ret = syscall(SYS_read, fd, buffer, 1);

	close(fd);
	return ret;
}

/* names: the n-th is the prefix and n, from 0 */
STEP(mkdir) { return MKDIR(nth(a[0], n), 0755); }
STEP(rmdir) { return RMDIR(nth(a[0], n)); }
STEP(unlink) { return UNLINK(nth(a[0], n)); }
STEP(mknod) { return MKNOD(nth(a[0], n), S_IFREG | 0644); }
STEP(rename) { return RENAME(a[0], a[1]); }
STEP(stat)
{
	struct stat st;

	return fstatat(AT_FDCWD, a[0], &st, 0);
}

/* what we are */
STEP(chdir) { return syscall(SYS_chdir, a[0]); }
STEP(chroot) { return syscall(SYS_chroot, a[0]); }
STEP(setuid) { return syscall(SYS_setuid, number(a[0])); }
STEP(comm) { return prctl(PR_SET_NAME, a[0]); }
/* microseconds asleep before each of the calls to come */
STEP(pause) { return pause_us = number(a[0]), 0; }
STEP(stop) { return raise(SIGSTOP); }
STEP(sleep)
{
	int ms = number(a[0]);

	return nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000L }, NULL);
}

static const struct step {
	const char *name;
	int arguments;
	int many;	/* the first argument says how often */
	step_fn *run;
} steps[] = {
#define ONCE(name, arguments) { #name, arguments, 0, step_##name }
#define MANY(name, arguments) { #name, arguments, 1, step_##name }
	MANY(open, 3), MANY(open32, 3), MANY(creat, 2), MANY(creat32, 2), MANY(openat, 4), MANY(openat32, 4),
	MANY(openat2, 5), MANY(openat2_32, 5), MANY(create, 1), ONCE(hold, 3), ONCE(holdat, 4), ONCE(holdat2, 3),
	ONCE(resolve, 1), ONCE(dir, 1), ONCE(dirfd, 1), ONCE(file, 2), ONCE(from, 1), ONCE(to, 1), ONCE(close, 0), ONCE(pipe, 0), ONCE(socketpair, 0),
	MANY(read, 1), MANY(write, 1), MANY(pread, 2), MANY(pwrite, 2), MANY(readv, 1), MANY(writev, 1), MANY(fault, 0),
	MANY(astray, 0), MANY(sendfile, 1), MANY(splice, 1), MANY(copy, 1), MANY(msync, 0), ONCE(drop, 0),
	MANY(uring_read, 0), MANY(uring_write, 0), MANY(uring_fsync, 0), MANY(uring_open, 1), MANY(handle, 1), MANY(acct, 1),
	ONCE(seek, 1), MANY(put, 1), MANY(get, 1), ONCE(pause, 1), MANY(fsync, 0), MANY(fdatasync, 0),
	MANY(mkdir, 1), MANY(rmdir, 1), MANY(unlink, 1), MANY(mknod, 1), ONCE(rename, 2), MANY(stat, 1),
	ONCE(chdir, 1), ONCE(chroot, 1), ONCE(setuid, 1), ONCE(comm, 1), ONCE(stop, 0), ONCE(sleep, 1),
};

static int work(char **argv);

static void *work_in_thread(void *argv)
{
	return (void *)(long)work(argv);
}

/* The rest of the work in so many threads at once, by each. */
static int in_threads(int count, char **rest)
{
	pthread_t ids[count];
	int failed = 0, made = 0;
	void *result;

	while (made < count && !pthread_create(&ids[made], NULL, work_in_thread, rest))
		made++;
	for (int i = 0; i < made; i++)
		failed |= pthread_join(ids[i], &result) || result;
	return failed || made < count;
}

/* The rest of the work in a child. */
static int in_child(char **rest)
{
	int status, child;

	child = fork();
	if (!child)
		_exit(work(rest));
	while (waitpid(child, &status, 0) < 0)
		;
	return !WIFEXITED(status) || WEXITSTATUS(status);
}

static int do_step(const struct step *step, char **arguments, int must_fail)
{
	int times = step->many ? number(*arguments++) : 1;

	for (int n = 0; n < times; n++) {
		if (pause_us)
			nanosleep(&(struct timespec){ .tv_nsec = pause_us * 1000L }, NULL);
		if ((step->run(arguments, n) < 0) != must_fail) {
			fprintf(stderr, "work: %s number %d: %s\n", step->name, n, must_fail ? "did not fail" : strerror(errno));
			return 1;
		}
	}
	return 0;
}

static int work(char **argv)
{
	while (*argv) {
		int must_fail = **argv == '!';
		const char *name = *argv++ + must_fail;
		size_t i = 0;

		if (!strcmp(name, "thread"))
			return in_threads(1, argv);
		if (!strcmp(name, "threads") && *argv)
			return in_threads(number(*argv), argv + 1);
		if (!strcmp(name, "fork"))
			return in_child(argv);
		while (i < sizeof(steps) / sizeof(*steps) && strcmp(steps[i].name, name))
			i++;
		if (i == sizeof(steps) / sizeof(*steps)) {
			fprintf(stderr, "work: no step %s\n", name);
			return 2;
		}
		for (int n = 0; n < steps[i].arguments + steps[i].many; n++)
			if (!argv[n]) {
				fprintf(stderr, "work: %s needs more arguments\n", name);
				return 2;
			}
		if (do_step(&steps[i], argv, must_fail))
			return 1;
		argv += steps[i].arguments + steps[i].many;
	}
	return 0;
}

int main(int argc, char **argv)
{
	(void)argc;
	_exit(work(argv + 1));
}
