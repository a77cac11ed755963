/* As time: a child that executes a command, a handler for whom waits, and what the record says. */
#include <u.h>
#include <libc.h>
#include "compat.h"

char	output[1024];
void	add(char*, ...);
void	notifyf(void*, char*);
int	notes;

#pragma varargck argpos add 1

static Waitmsg*
run(char **av)
{
	Waitmsg *w;
	int pid;
	char err[ERRMAX];

	switch(pid = fork()){
	case -1:
		failed(__LINE__, "fork: %r");
	case 0:
		exec(av[0], av);
		if(av[0][0] != '/' && strncmp(av[0], "./", 2) && strncmp(av[0], "../", 3)){
			sprint(output, "/bin/%s", av[0]);
			exec(output, av);
		}
		rerrstr(err, sizeof err);
		exits(err);
	}
	while((w = wait()) == nil){
		errstr(err, sizeof err);
		if(strcmp(err, "interrupted") != 0)
			failed(__LINE__, "wait: %s", err);
	}
	Check(w->pid == pid);
	return w;
}

int
main(int argc, char *argv[])
{
	Waitmsg *w;
	char *p, *sleepfor[] = {"sleep", "0.25", nil}, *none[] = {"none/such", nil};
	char *fails[] = {"test", "-e", "/none/such", nil};
	long l;

	USED(argc, argv);
	Check(notify(notifyf) == 0);

	/* a note does not end the wait: it is asked again */
	alarm(50);
	w = run(sleepfor);
	Check(notes == 1);
	Check(w->msg[0] == '\0');
	Check(w->time[2] >= 240);
	Check(w->time[0] <= w->time[2] && w->time[1] <= w->time[2]);
	l = w->time[0];
	add("%ld.%.2ldu", l/1000, (l%1000)/10);
	l = w->time[2];
	add("%ld.%.2ldr", l/1000, (l%1000)/10);
	add("%s", sleepfor[0]);
	Check(strstr(output, "u ") != nil && strstr(output, "r sleep") != nil);
	Check(output[1] == '.' && strlen(output) >= strlen("0.00u 0.25r sleep"));
	free(w);

	/* the name and the number of who exited, then its status */
	w = run(fails);
	p = utfrune(w->msg, ':');
	Check(p != nil && p[1] != '\0');
	Check(strncmp(w->msg, "test ", 5) == 0);
	Check(atoi(w->msg+5) == w->pid);
	free(w);
	w = run(none);
	Check(strstr(w->msg, "does not exist") != nil);
	free(w);

	Check(wait() == nil);
	exits(nil);
	return 0;
}

void
add(char *a, ...)
{
	static int beenhere;
	va_list arg;

	if(beenhere)
		strcat(output, " ");
	else
		output[0] = '\0';
	va_start(arg, a);
	vseprint(output+strlen(output), output+sizeof(output), a, arg);
	va_end(arg);
	beenhere++;
}

void
notifyf(void *a, char *s)
{
	USED(a);
	if(strcmp(s, "alarm") == 0){
		notes++;
		noted(NCONT);
	}
	noted(NDFLT);
}
