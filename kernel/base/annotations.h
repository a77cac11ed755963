// Thread-safety annotations: checked by clang's -Wthread-safety, nothing to other compilers.
#pragma once

#if defined(__clang__)
#define KERNEL_ANNOTATION(x) __attribute__((x))
#else
#define KERNEL_ANNOTATION(x)
#endif

#define CAPABILITY(name) KERNEL_ANNOTATION(capability(name))
#define SCOPED_CAPABILITY KERNEL_ANNOTATION(scoped_lockable)
#define GUARDED_BY(x) KERNEL_ANNOTATION(guarded_by(x))
#define PT_GUARDED_BY(x) KERNEL_ANNOTATION(pt_guarded_by(x))
#define ACQUIRED_BEFORE(...) KERNEL_ANNOTATION(acquired_before(__VA_ARGS__))
#define ACQUIRED_AFTER(...) KERNEL_ANNOTATION(acquired_after(__VA_ARGS__))
#define REQUIRES(...) KERNEL_ANNOTATION(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) KERNEL_ANNOTATION(requires_shared_capability(__VA_ARGS__))
#define ACQUIRE(...) KERNEL_ANNOTATION(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) KERNEL_ANNOTATION(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) KERNEL_ANNOTATION(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) KERNEL_ANNOTATION(release_shared_capability(__VA_ARGS__))
#define TRY_ACQUIRE(...) KERNEL_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define TRY_ACQUIRE_SHARED(...) KERNEL_ANNOTATION(try_acquire_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) KERNEL_ANNOTATION(locks_excluded(__VA_ARGS__))
#define ASSERT_CAPABILITY(x) KERNEL_ANNOTATION(assert_capability(x))
#define RETURN_CAPABILITY(x) KERNEL_ANNOTATION(lock_returned(x))
/// Each use needs a sentence that says why the analysis cannot follow; only in sync/ and sched/.
#define NO_THREAD_SAFETY_ANALYSIS KERNEL_ANNOTATION(no_thread_safety_analysis)

/// Before a variable: /proc/N/mem does not show it, whoever asks. The second is for one of zeroes at first.
#define SECRET [[gnu::section(".data.secret")]]
#define SECRET_ZEROES [[gnu::section(".bss.secret")]]
