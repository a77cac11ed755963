// mem shows the host owner the kernel's image, by offsets that stand for its addresses: to be read, and without its secrets.
#include "../check.h"

/* The image begins at the top 2 GiB; of an address the highest bit is lost in an offset, and the next stands for both. */
static const vlong kImage = 0xffffffff80000000ULL & 0x7fffffffffffffffULL;

static uchar bytes[8192];

static void as_nobody(void) {
    const int mem = process_file(getpid(), "mem", OREAD);
    const int user = open("/dev/user", OWRITE);
    CHECK(user >= 0 && write(user, "none", 4) == 4);
    SAME(pread(mem, bytes, 16, (vlong)(uintptr)bytes), 16);
    FAILS(pread(mem, bytes, 16, kImage), "permission denied");
}

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    const int mem = process_file(getpid(), "mem", ORDWR);
    CHECK(mem >= 0);
    const long n = pread(mem, bytes, sizeof bytes, kImage);
    // Where the kernel's image is another program's, as on the host, there is nothing of it.
    if (n < 0) {
        FAILS(pread(mem, bytes, 16, kImage), "bad arg in system call");
        exits("");
    }
    SAME(n, sizeof bytes);
    // What boot loaders know it by (the RISC-V Linux Image header).
    SAME(memcmp(bytes + 56, "RSC\005", 4), 0);
    FAILS(pwrite(mem, bytes, 4, kImage), "bad process or channel control request");
    FAILS(pread(mem, bytes, 16, kImage - 4096), "bad arg in system call");
    FAILS(pread(mem, bytes, 16, 0x7fffffffffff0000LL), "bad arg in system call");
    // From its beginning to its end each page is shown, but for some that are refused.
    vlong at = kImage, refused = 0, shown = 0;
    for (;;) {
        const long size = pread(mem, bytes, 1024, at);
        if (size >= 0) {
            CHECK(size > 0);
            shown += size;
            at += size;
            continue;
        }
        char why[ERRMAX];
        rerrstr(why, sizeof why);
        if (strcmp(why, "permission denied") != 0) {
            SAME(strcmp(why, "bad arg in system call"), 0);
            break;
        }
        ++refused;
        at += 4;
    }
    CHECK(shown > 512 * 1024 && refused > 8);
    DIES(as_nobody, "");
    exits("");
}
