/* As pstree: who made whom, by ppid, below a process 0 that there is none of. */
#include <u.h>
#include <libc.h>
#include <bio.h>
#include "compat.h"

typedef struct Proc Proc;
typedef struct Link Link;

struct Link {
	Proc	*first, *next;
};

struct Proc {
	int	pid;
	int	depth;
	Link;
	Proc	*parent;
};

Proc	*procs[1024];
int	nprocs;
Rune	lead[64];

static Proc*
getproc(int pid)
{
	int i;

	for(i = 0; i < nprocs; i++)
		if(procs[i]->pid == pid)
			return procs[i];
	return nil;
}

static int
parentof(int pid)
{
	char b[128];
	int fd, n;

	snprint(b, sizeof b, "%d/ppid", pid);
	fd = open(b, OREAD);
	if(fd < 0)
		return 0;
	memset(b, 0, sizeof b);
	n = read(fd, b, sizeof b-1);
	close(fd);
	return n > 0 ? atoi(b) : 0;
}

static void
add(int pid)
{
	Proc *p;

	p = mallocz(sizeof *p, 1);
	if(p == nil)
		sysfatal("malloc: %r");
	p->pid = pid;
	procs[nprocs++] = p;
}

static int
descend(p, depth)
	Proc *p;
	int depth;
{
	int n;
	Proc *q;
	char *s, *t;

	p->depth = depth;
	n = 1;
	if(depth < nelem(lead)-1){
		lead[depth] = L'└';
		lead[depth+1] = 0;
		s = smprint("%-11d %S", p->pid, lead);
		Check(utflen(s) == 12 + depth + 1);
		Check((t = utfrune(s, L'└')) != nil && utflen(t) >= 1);
		free(s);
		lead[depth] = L'│';
	}
	for(q = p->first; q; q = q->next)
		n += descend(q, depth+1);
	return n;
}

int
main()
{
	int fd, i, n, kid, grandkid, ready[2];
	char c;
	Dir *d;
	Proc *p, *q, **l;

	/* a child and its child, which wait until the pipe closes */
	Check(pipe(ready) == 0);
	if((kid = fork()) == 0){
		if((grandkid = fork()) == 0){
			close(ready[1]);
			write(ready[0], "x", 1);
			read(ready[0], &c, 1);
			_exits(nil);
		}
		close(ready[1]);
		if(waitpid() != grandkid)
			_exits("whose child is this?");
		_exits(getppid() > 0 ? nil : "no parent");
	}
	Check(kid > 0);
	close(ready[0]);
	Check(read(ready[1], &c, 1) == 1);

	Check(chdir("/proc") == 0);
	add(0);
	fd = open(".", OREAD);
	Check(fd >= 0);
	while((n = dirread(fd, &d)) > 0){
		for(i = 0; i < n && nprocs < nelem(procs); i++)
			if(d[i].mode & DMDIR)
				add(atoi(d[i].name));
		free(d);
	}
	Check(n == 0);
	close(fd);
	for(i = 1; i < nprocs; i++){
		p = procs[i];
		q = getproc(parentof(p->pid));
		if(q == nil)
			q = procs[0];
		p->parent = q;
		for(l = &q->first; *l; l = &(*l)->next)
			if((*l)->pid > p->pid)
				break;
		p->next = *l;
		*l = p;
	}
	Check(descend(procs[0], 0) == nprocs);
	p = getproc(getpid());
	Check(p != nil && p->depth > 0);
	Check(p->first != nil && p->first->pid == kid);
	Check(p->first->first != nil && p->first->first->first == nil);
	Check(p->first->first->depth == p->depth + 2);
	Check(getppid() == p->parent->pid);
	close(ready[1]);
	Check(waitpid() == kid);
	exits(nil);
}
