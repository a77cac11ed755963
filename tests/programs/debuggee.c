// debuggee: something for a debugger to stop: calls, a variable that changes, a note, threads, an
// lr/sc loop. It says at the end whether all went as if nobody had looked. With an argument it
// waits for ever, unless a debugger changes that.
#include <libc.h>
#include <u.h>

static volatile int counter;
static volatile int notes;
static volatile int go_on;
static int semaphore;

__attribute__((noinline)) static int doubled(int x) {
    asm volatile("" : "+r"(x));
    return 2 * x;
}

__attribute__((noinline)) static int by_reservation(int* at) {
    int now, failed;
    asm volatile(
        "1: lr.w %0, (%2)\n"
        "addiw %0, %0, 1\n"
        "sc.w %1, %0, (%2)\n"
        "bnez %1, 1b\n"
        : "=&r"(now), "=&r"(failed)
        : "r"(at)
        : "memory");
    return now;
}

static int handler(void* registers, char* note) {
    USED(registers);
    if (strcmp(note, "alarm") != 0) return 0;
    ++notes;
    return 1;
}

static void in_thread(void* argument) {
    int* const given = argument;
    *given = doubled(*given);
    semrelease(&semaphore, 1);
    while (go_on == 0) sleep(1);
    _exits("");
}

static char stack[8192] __attribute__((aligned(16)));

void main(int argc, char* argv[]) {
    USED(argv);
    if (argc > 1) {
        print("debuggee: waits\n");
        while (go_on == 0) counter = counter + 1;
        exits("interrupted");
    }
    int sum = 0;
    for (int i = 1; i <= 3; ++i) sum += doubled(i);
    counter = sum;
    sum = by_reservation(&sum);
    atnotify(handler, 1);
    alarm(1);
    while (notes == 0) sleep(1);
    int of_thread = 4;
    thread_create(in_thread, &of_thread, stack + sizeof stack);
    if (semacquire(&semaphore, 1) != 1) exits("a debugger was noticed");
    go_on = 1;
    counter = sum + of_thread;
    print("debuggee: %d %d\n", counter, notes);
    exits("");
}
