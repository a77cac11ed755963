// With RFPPWAIT the maker goes on when the child has executed a program or has ended.
#include "../check.h"

static volatile int done;

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    int pid = rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT);
    if (pid == 0) {
        sleep(5);
        done = 1;
        _exits("ended");
    }
    SAME(done, 1);
    ENDS(pid, "ended");
    pid = rfork(RFPROC | RFFDG | RFMEM | RFPPWAIT);
    if (pid == 0) {
        sleep(5);
        done = 2;
        exec("/bin/echo", (char*[]){"echo", "hello", nil});
        _exits("exec");
    }
    SAME(done, 2);
    ENDS(pid, "");
    exits("");
}
