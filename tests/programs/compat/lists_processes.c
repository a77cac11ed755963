/* As ps: the numbers in /proc in order, and of each what status, noteid and args say. */
#include <u.h>
#include <libc.h>
#include <bio.h>
#include "compat.h"

enum {
	Text,
	User,
	State,
	Times,
	Memory = Times+6,
	Basepri,
	Pri,
	Nfield,
};

static int	cmp(void*, void*);
static int	column(int, char*);

Biobuf	bout;
char	*self;

int
main(int argc, char *argv[])
{
	int fd, i, j, n, tot, nproc, mine;
	char buf[64], status[4096], args[256], out[8192], *f[16], *e;
	int pfd[2];
	Dir *dir, **mem;

	USED(argc);
	self = argv[0];
	Check(pipe(pfd) == 0);
	Binit(&bout, pfd[1], OWRITE);
	Check(chdir("/proc") >= 0);
	fd = open(".", OREAD);
	Check(fd >= 0);
	tot = dirreadall(fd, &dir);
	close(fd);
	Check(tot > 0);
	mem = malloc(tot*sizeof(Dir*));
	for(i=0; i<tot; i++)
		mem[i] = dir++;
	qsort(mem, tot, sizeof(Dir*), cmp);

	nproc = mine = 0;
	for(i=0; i<tot; i++){
		if(atoi(mem[i]->name) == 0){
			/* what is no process is a file */
			Check((mem[i]->mode&DMDIR) == 0);
			continue;
		}
		Check(mem[i]->mode&DMDIR);
		Check(mem[i]->qid.type == QTDIR);
		sprint(buf, "%s/status", mem[i]->name);
		fd = open(buf, OREAD);
		if(fd < 0)
			continue;		/* it has exited since */
		n = read(fd, status, sizeof status-1);
		close(fd);
		if(n <= 0)
			continue;
		status[n] = '\0';
		Check(status[n-1] == '\n' || status[n-1] == ' ');
		if((n = tokenize(status, f, nelem(f)-1)) < Nfield)
			failed(__LINE__, "%s has %d fields", buf, n);
		for(j=Times; j<Nfield; j++){
			strtoul(f[j], &e, 10);
			if(*e != '\0')
				failed(__LINE__, "%s: field %d is %s", buf, j, f[j]);
		}
		Check(strlen(f[State]) > 0);
		Check(atoi(f[Pri]) > 0 && atoi(f[Basepri]) > 0);
		Check(column(atoi(mem[i]->name), "noteid") > 0);

		sprint(buf, "%s/args", mem[i]->name);
		fd = open(buf, OREAD);
		n = fd < 0 ? -1 : read(fd, args, sizeof args-1);
		close(fd);
		if(n < 0)
			continue;
		args[n] = '\0';
		if(atoi(mem[i]->name) == getpid()){
			mine++;
			Check(strcmp(f[User], getuser()) == 0);
			Check(strncmp(f[Text], "lists_processes", strlen(f[Text])) == 0);
			Check(strtoul(f[Memory], 0, 0) > 0);
			Check(strncmp(args, self, strlen(self)) == 0);
		}
		Bprint(&bout, "%-10s %8s %4lud:%.2lud %7ludK %-8.8s %s\n", f[User], mem[i]->name,
			strtoul(f[Times], 0, 0)/60000, strtoul(f[Times], 0, 0)/1000%60,
			strtoul(f[Memory], 0, 0), f[State], f[Text]);
		nproc++;
	}
	Check(mine == 1);
	Check(nproc >= 2);

	/* each line has the columns that scripts look for */
	Check(Bbuffered(&bout) > 0);
	Check(Bflush(&bout) == 0);
	close(pfd[1]);
	n = readn(pfd[0], out, sizeof out-1);
	Check(n > 0);
	out[n] = '\0';
	i = getfields(out, f, nelem(f), 1, "\n");
	Check(i == nproc || i == nelem(f));
	for(j=0; j<i && j<nelem(f)-1; j++){
		Check(f[j][10] == ' ' && f[j][18] != ' ');
		Check(f[j][19] == ' ' && f[j][24] == ':');
		Check(f[j][35] == 'K');
	}
	exits(0);
	return 0;
}

static int
column(int pid, char *file)
{
	char buf[64];
	int fd, n;

	snprint(buf, sizeof buf, "/proc/%d/%s", pid, file);
	fd = open(buf, OREAD);
	if(fd < 0)
		return 1;
	n = read(fd, buf, sizeof buf-1);
	close(fd);
	if(n <= 0)
		return 1;
	Check(n == 12);
	buf[n] = 0;
	return atoi(buf);
}

static int
cmp(void *va, void *vb)
{
	Dir **a, **b;

	a = va;
	b = vb;
	return atoi((*a)->name) - atoi((*b)->name);
}
