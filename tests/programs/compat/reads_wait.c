/* As listeners do: how many records there are is the length of wait, and each read gives one. */
#include <u.h>
#include <libc.h>
#include "compat.h"

int
main(int argc, char *argv[])
{
	int fd, i, n, pids[3], seen;
	char buf[512], *f[6];
	Dir *d;

	USED(argc);
	USED(argv);
	sprint(buf, "/proc/%d/wait", getpid());
	fd = open(buf, OREAD);
	Check(fd >= 0);
	Check((d = dirfstat(fd)) != nil);
	Check(d->length == 0);
	free(d);
	for(i = 0; i < 3; i++){
		switch(pids[i] = fork()){
		case -1:
			failed(__LINE__, "fork: %r");
		case 0:
			snprint(buf, sizeof buf, "it's number %d", i);
			exits(i == 0 ? nil : buf);
		}
	}
	for(i = 0; ; i++){
		Check((d = dirfstat(fd)) != nil);
		n = d->length;
		free(d);
		if(n == 3)
			break;
		Check(n < 3 && i < 5000);
		sleep(2);
	}
	seen = 0;
	for(i = 0; i < 3; i++){
		Check((d = dirfstat(fd)) != nil);
		Check(d->length == 3-i);
		free(d);
		n = read(fd, buf, sizeof buf-1);
		Check(n > 0);
		buf[n] = '\0';
		Check(tokenize(buf, f, nelem(f)) == 5);
		for(n = 0; n < 3; n++)
			if(atoi(f[0]) == pids[n])
				break;
		Check(n < 3);
		seen |= 1<<n;
		if(n == 0)
			Check(f[4][0] == '\0');
		else{
			Check(strstr(f[4], ": it's number ") != nil);
			Check(atoi(f[4]+strlen(f[4])-1) == n);
		}
	}
	Check(seen == 7);
	Check(read(fd, buf, sizeof buf) == -1);
	Check(await(buf, sizeof buf) == -1);
	close(fd);
	exits(nil);
	return 0;
}
