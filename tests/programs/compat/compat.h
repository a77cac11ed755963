/*
 * The programs of this folder are written as Plan 9's are, on purpose: its dialect of C, its names, its
 * order of headers. They do with /proc what its own programs do that read it.
 */
#pragma src "/tests/programs/compat"

#define Check(what) do if(!(what)) broken(__LINE__, #what); while(0)

#pragma varargck argpos failed 2

static void
failed(int line, char *fmt, ...)
{
	char buf[ERRMAX], *p;
	va_list arg;

	p = seprint(buf, buf+sizeof buf, "line %d: ", line);
	va_start(arg, fmt);
	vseprint(p, buf+sizeof buf, fmt, arg);
	va_end(arg);
	_exits(buf);
}

static void
broken(int line, char *what)
{
	failed(line, "%s: %r", what);
}
