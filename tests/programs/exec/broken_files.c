// Files that are no programs, and programs whose headers lie, are refused; the caller goes on.
#include "../check.h"

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    Dir* entries;
    const long count = dirreadall(open("/broken", OREAD), &entries);
    CHECK(count > 30);
    for (long i = 0; i < count; ++i) {
        char name[64], why[ERRMAX];
        snprint(name, sizeof name, "/broken/%s", entries[i].name);
        const int pid = fork();
        if (pid == 0) {
            exec(name, (char*[]){"broken", "x", nil});
            _exits("refused");
        }
        CHECK(pid > 0);
        Waitmsg* const message = wait();
        if (message == nil || strstr(message->msg, ": refused") == nil) fail("%s ran", name);
        free(message);
        SAME(exec(name, (char*[]){"broken", "x", nil}), -1);
        rerrstr(why, sizeof why);
        const int expected =
            strncmp(why, "exec header invalid", 19) == 0 || strstr(name, "/script_of_") != nil;
        if (!expected) fail("%s: %s", name, why);
    }
    exits("");
}
