// The case of ASCII letters.
#include <ctype.h>

int tolower(int c) { return isupper(c) ? _tolower(c) : c; }
int toupper(int c) { return islower(c) ? _toupper(c) : c; }
