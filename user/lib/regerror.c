// Its own file: a program may have another.
#include <regexp.h>

void regerror(char* why) { USED(why); }
