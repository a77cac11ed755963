/* As ns: one line of the file for each read, of two to five words; the last says where it is. */
#include <u.h>
#include <libc.h>
#include <bio.h>
#include <auth.h>
#include <fcall.h>
#include "compat.h"

typedef struct Mount Mount;
struct Mount {
	char	*cmd;
	char	*flag;
	char	*new;
	char	*old;
	char	*spec;
};

Biobuf	bstdout;
int	rflag;
int	nbind;
int	found;

static void
record(Mount *m)
{
	Check(strcmp(m->cmd, "bind") == 0 || strcmp(m->cmd, "mount") == 0);
	Check(m->flag[0] == '\0' || m->flag[0] == '-');
	Check(m->old[0] == '/' || m->old[0] == '#');
	if(strcmp(m->new, "/rc/lib") == 0 && strcmp(m->old, "/rc") == 0){
		Check(strcmp(m->flag, "-a") == 0);
		found++;
	}
	Bprint(&bstdout, "%s %s %q %q %s\n", m->cmd, m->flag, m->new, m->old, m->spec);
	nbind++;
}

int
main(int argc, char **argv)
{
	Mount m;
	int line, fd, n, cd, out;
	char buf[1024], *av[5];

	ARGBEGIN{
	case 'r':
		rflag++;
		break;
	default:
		failed(__LINE__, "usage: -%C", ARGC());
	}ARGEND

	Check(argc == 0);
	Check(rfork(RFNAMEG) == 0);
	Check(bind("/rc/lib", "/rc", MAFTER) >= 0);
	out = open("/dev/null", OWRITE);
	Check(out >= 0);
	Binit(&bstdout, out, OWRITE);
	Check(chdir("/dev") == 0);

	sprint(buf, "/proc/%d/ns", getpid());
	fd = open(buf, OREAD);
	Check(fd >= 0);
	cd = 0;
	for(line=1; ; line++){
		n = read(fd, buf, sizeof buf);
		Check(n >= 0 && n < sizeof buf);
		if(n == 0)
			break;
		buf[n] = '\0';
		/* one line, and all of it */
		Check(strchr(buf, '\n') == buf+n-1);
		Check(cd == 0);
		switch(n = tokenize(buf, av, 5)){
		case 2:
			Check(strcmp(av[0], "cd") == 0 && strcmp(av[1], "/dev") == 0);
			cd = line;
			break;
		case 3:
			m = (Mount){av[0], "", av[1], av[2], ""};
			record(&m);
			break;
		case 4:
			if(av[1][0] == '-')
				m = (Mount){av[0], av[1], av[2], av[3], ""};
			else
				m = (Mount){av[0], "", av[1], av[2], av[3]};
			record(&m);
			break;
		case 5:
			m = (Mount){av[0], av[1], av[2], av[3], av[4]};
			record(&m);
			break;
		default:
			failed(__LINE__, "%d words in line %d", n, line);
		}
	}
	close(fd);
	Check(cd == line-1);
	Check(found == 1);
	Check(nbind >= 2);
	Check(Bterm(&bstdout) == 0);
	exits(nil);
	return 0;
}
