// The types of a Plan 9 program. Note that `ulong` has 32 bits, as there, while C's long has 64.
#ifndef PROCYON_U_H
#define PROCYON_U_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define nil ((void*)0)

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef signed char schar;
typedef unsigned int uint;
typedef uint32_t ulong;
typedef long long vlong;
typedef unsigned long long uvlong;
typedef intptr_t intptr;
typedef uintptr_t uintptr;
typedef size_t usize;
typedef uint32_t Rune;

typedef int8_t s8int;
typedef int16_t s16int;
typedef int32_t s32int;
typedef int64_t s64int;
typedef uint8_t u8int;
typedef uint16_t u16int;
typedef uint32_t u32int;
typedef uint64_t u64int;

typedef uintptr jmp_buf[26]; /* setjmp(): sp, ra, s0 to s11, and where there are any fs0 to fs11 */
enum { JMPBUFSP = 0, JMPBUFPC = 1, JMPBUFDPC = 0 };

#endif
