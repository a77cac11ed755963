/* postnote to a process and to a group, handlers that take turns, and a jump out of one. */
#include <u.h>
#include <libc.h>
#include "compat.h"

int	first, second;
jmp_buf	out;

int
onfirst(void *ureg, char *s)
{
	USED(ureg);
	first++;
	return strcmp(s, "first") == 0;
}

int
onsecond(void *ureg, char *s)
{
	USED(ureg);
	second++;
	return strncmp(s, "second", 6) == 0;
}

void
jumps(void *ureg, char *s)
{
	if(strncmp(s, "jump", 4) == 0)
		notejmp(ureg, out, s[4] - '0');
	noted(NDFLT);
}

static void
waitfor(int pid, char *s)
{
	Waitmsg *w;

	w = wait();
	Check(w != nil);
	if(w->pid != pid || strstr(w->msg, s) == nil)
		failed(__LINE__, "%d: %s", w->pid, w->msg);
	free(w);
}

int
main(int argc, char *argv[])
{
	int i, pid, fd[2];
	volatile int n;
	char c;
	Dir *d;
	char name[64];

	USED(argc, argv);
	Check(atnotify(onfirst, 1) == 1);
	Check(atnotify(onsecond, 1) == 1);
	Check(postnote(PNPROC, getpid(), "first") == 0);
	Check(first == 1 && second == 0);
	Check(postnote(PNPROC, getpid(), "second thing") == 0);
	Check(first == 2 && second == 1);
	Check(atnotify(onfirst, 0) == 1);
	Check(atnotify(onfirst, 0) == 0);
	Check(postnote(PNPROC, getpid(), "second") == 0);
	Check(first == 2 && second == 2);
	Check(postnote(3, getpid(), "x") == -1);

	/* nobody handles it: the child dies of it, and its status is the note */
	Check(pipe(fd) == 0);
	if((pid = fork()) == 0){
		write(fd[0], "x", 1);
		for(;;)
			sleep(1000);
	}
	Check(read(fd[1], &c, 1) == 1);
	Check(postnote(PNPROC, pid, "third") == 0);
	waitfor(pid, "third");
	Check(postnote(PNPROC, pid, "third") == -1);

	/* a group of three, of which this process is none; its number is its maker's */
	if((pid = fork()) == 0){
		rfork(RFNOTEG);
		for(i = 0; i < 2; i++)
			if(fork() == 0){
				write(fd[0], "x", 1);
				for(;;)
					sleep(1000);
			}
		snprint(name, sizeof name, "/proc/%d/noteid", getpid());
		write(fd[0], "x", 1);
		for(i = 0; i < 2; i++)
			waitpid();
		exits("told");
	}
	for(i = 0; i < 3; i++)
		Check(read(fd[1], &c, 1) == 1);
	snprint(name, sizeof name, "/proc/%d/status", pid);
	Check((d = dirstat(name)) != nil);
	Check(strcmp(d->uid, getuser()) == 0);
	Check(d->length == 176);
	free(d);
	second = 0;
	Check(postnote(PNGROUP, pid, "group") == 0);
	waitfor(pid, "group");
	Check(second == 0);

	/* out of a handler, to where setjmp was */
	Check(atnotify(onsecond, 0) == 1);
	Check(notify(jumps) == 0);
	n = 0;
	switch(setjmp(out)){
	case 0:
		n++;
		postnote(PNPROC, getpid(), "jump3");
		failed(__LINE__, "the note was not seen");
	case 3:
		n++;
		break;
	default:
		failed(__LINE__, "another value");
	}
	Check(n == 2);
	/* and the next note is seen as the first was */
	switch(setjmp(out)){
	case 0:
		postnote(PNPROC, getpid(), "jump4");
	case 3:
		failed(__LINE__, "the second note was not seen");
	case 4:
		break;
	}
	exits(nil);
	return 0;
}
