// Which sanitizer this is built with, and what it wants to hear about stacks.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define HOST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOST_ASAN 1
#endif
#endif
#ifndef HOST_ASAN
#define HOST_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define HOST_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HOST_TSAN 1
#endif
#endif
#ifndef HOST_TSAN
#define HOST_TSAN 0
#endif

/// For functions that read the stacks of other flows, which those may be writing: whoever calls
/// them knows that the flow rests, or checks afterwards that it did.
#if HOST_ASAN
#define HOST_READS_OTHER_STACKS [[gnu::no_sanitize_address]]
#elif HOST_TSAN
#define HOST_READS_OTHER_STACKS [[gnu::no_sanitize_thread]]
#else
#define HOST_READS_OTHER_STACKS
#endif

/// For functions that leave their stack for good: they must not stand on one of AddressSanitizer's
/// own, which goes with it.
#if HOST_ASAN
#define HOST_LEAVES_ITS_STACK [[gnu::no_sanitize_address]]
#else
#define HOST_LEAVES_ITS_STACK
#endif

#if HOST_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif
#if HOST_TSAN
#include <sanitizer/tsan_interface.h>
#endif
