// Instructions that a program may not execute, or that mean nothing, end it with a note.
#include "../check.h"

static void illegal(void) { __asm__ volatile(".word 0"); }
static void all_ones(void) { __asm__ volatile(".word 0xffffffff"); }
static void breakpoint(void) { __asm__ volatile("ebreak"); }
static void privileged(void) { __asm__ volatile("sret"); }
static void halts(void) { __asm__ volatile("wfi\n\t.word 0"); }
static void fence(void) { __asm__ volatile("sfence.vma"); }
static void csr(void) { __asm__ volatile(".word 0x10002573" : : : "a0"); }
static void tables(void) { __asm__ volatile(".word 0x18001073"); }
static void of_machine(void) { __asm__ volatile(".word 0xf1402573" : : : "a0"); }
static void odd(void) { __asm__ volatile("lr.d a0, (%0)" : : "r"((char*)malloc(64) + 1) : "a0"); }

void main(int argc, char* argv[]) {
    USED(argc), USED(argv);
    void (*const kBodies[])(void) = {illegal, all_ones, privileged, halts,
                                     fence,   csr,      tables,     of_machine};
    for (usize i = 0; i < nelem(kBodies); ++i) DIES(kBodies[i], "sys: trap: illegal instruction*");
    DIES(breakpoint, "sys: breakpoint*");
    DIES(odd, "sys: odd address*");
    exits("");
}
