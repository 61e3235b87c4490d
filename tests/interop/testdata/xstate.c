/*
 * User Mode Linux sets a process's extended registers as one block of the size that it was built
 * for. Where the processor has more of them, AMX for one, Linux refuses a block that is not whole,
 * and the guest ends at its first program. This library, preloaded, fills the block up with what
 * the process has.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

typedef long (*call)(int, int, void *, void *);

long ptrace(enum __ptrace_request request, ...)
{
	static call real;
	static char whole[1 << 16];
	struct iovec *part, all = {whole, sizeof whole};
	va_list args;
	int pid;
	void *addr, *data;

	va_start(args, request);
	pid = va_arg(args, int);
	addr = va_arg(args, void *);
	data = va_arg(args, void *);
	va_end(args);
	if (!real)
		real = (call)dlsym(RTLD_NEXT, "ptrace");
	part = data;
	if (request != PTRACE_SETREGSET || addr != (void *)NT_X86_XSTATE ||
	    real(PTRACE_GETREGSET, pid, addr, &all) < 0 || all.iov_len <= part->iov_len)
		return real(request, pid, addr, data);
	memcpy(whole, part->iov_base, part->iov_len);
	return real(request, pid, addr, &all);
}
