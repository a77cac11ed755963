/* As snap and debuggers: all files of a process that stands still, and its memory by its segments. */
#include <u.h>
#include <libc.h>
#include <bio.h>
#include "compat.h"

typedef struct Seg Seg;
struct Seg {
	char	*name;
	uvlong	base;
	uvlong	top;
};

static char *files[] = {
	"segment", "fd", "noteid", "kregs", "ns", "proc", "regs", "status", "text", "ppid",
};

char	data[8192] = "what is to be found";
Seg	segs[16];

static int
openproc(int pid, char *file, int mode)
{
	char buf[64];

	snprint(buf, sizeof buf, "/proc/%d/%s", pid, file);
	return open(buf, mode);
}

static int
segments(int pid)
{
	int fd, n, i;
	char *buf, *p, *q;

	fd = openproc(pid, "segment", OREAD);
	Check(fd >= 0);
	buf = mallocz(4096, 1);
	n = readn(fd, buf, 4095);
	close(fd);
	Check(n > 0);
	Check(strncmp(buf, "Stack", 5) == 0);
	i = 0;
	for(p = buf; (q = strchr(p, '\n')) != nil; p = q+1){
		*q = '\0';
		Check(i < nelem(segs));
		segs[i].name = p;
		segs[i].base = strtoull(p+9, &p, 16);
		segs[i].top = strtoull(p, &p, 16);
		Check(atoi(p) >= 1);
		Check(segs[i].base < segs[i].top);
		i++;
	}
	return i;
}

int
main(int argc, char *argv[])
{
	int i, n, fd, pid, ctl, nseg, found, local;
	char buf[512], magic[4];
	Waitmsg *w;

	USED(argc, argv);
	local = 42;
	if((pid = fork()) == 0){
		data[sizeof data-1] = 'x';
		for(;;)
			sleep(10);
	}
	Check(pid > 0);
	ctl = openproc(pid, "ctl", OWRITE);
	Check(ctl >= 0);
	sleep(20);
	Check(fprint(ctl, "stop") == 4);
	Check(fprint(ctl, "waitstop") == 8);
	for(i = 0; i < nelem(files); i++){
		fd = openproc(pid, files[i], OREAD);
		if(fd < 0)
			failed(__LINE__, "%s: %r", files[i]);
		n = read(fd, buf, sizeof buf);
		if(n <= 0)
			failed(__LINE__, "%s: %d: %r", files[i], n);
		close(fd);
	}
	fd = openproc(pid, "text", OREAD);
	Check(read(fd, magic, 4) == 4 && memcmp(magic, "\177ELF", 4) == 0);
	close(fd);

	nseg = segments(pid);
	fd = openproc(pid, "mem", OREAD);
	Check(fd >= 0);
	found = 0;
	for(i = 0; i < nseg; i++){
		if((uintptr)&local >= segs[i].base && (uintptr)&local < segs[i].top){
			Check(strncmp(segs[i].name, "Stack", 5) == 0);
			Check(pread(fd, &n, sizeof n, (uintptr)&local) == sizeof n);
			Check(n == 42);
			found |= 1;
		}
		if((uintptr)data >= segs[i].base && (uintptr)data < segs[i].top){
			Check(strncmp(segs[i].name, "Stack", 5) != 0);
			Check(pread(fd, buf, 20, (uintptr)data) == 20);
			Check(strcmp(buf, data) == 0);
			Check(pread(fd, buf, 1, (uintptr)data+sizeof data-1) == 1 && buf[0] == 'x');
			found |= 2;
		}
		if((uintptr)main >= segs[i].base && (uintptr)main < segs[i].top){
			Check(strncmp(segs[i].name, "Text", 4) == 0);
			Check(pread(fd, buf, 64, (uintptr)main) == 64);
			Check(memcmp(buf, (void*)main, 64) == 0);
			found |= 4;
		}
	}
	Check(found == 7);
	close(fd);

	/* its stack pointer is in its stack */
	fd = openproc(pid, "regs", OREAD);
	Check(pread(fd, buf, 32*8, 0) == 32*8);
	close(fd);
	Check(*(uvlong*)(buf+8) >= segs[0].base && *(uvlong*)(buf+8) < segs[0].top);

	/* it was not executed: it has no arguments */
	fd = openproc(pid, "args", OREAD);
	Check(fd >= 0 && read(fd, buf, sizeof buf) == 0);
	close(fd);

	/* then it ends */
	Check(fprint(ctl, "kill") == 4);
	close(ctl);
	w = wait();
	Check(w != nil && w->pid == pid && strstr(w->msg, "Killed") != nil);
	exits(nil);
	return 0;
}
