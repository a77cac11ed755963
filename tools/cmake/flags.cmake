# Compiler flags: kernel_flags-BACKEND is what every kernel module is compiled with on that backend.

set(procyon_warnings -Wall -Wextra -Wshadow -Wundef -Wvla -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    -Wcast-qual -Wwrite-strings -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  list(APPEND procyon_warnings -Wthread-safety -Wthread-safety-beta)
else()
  list(APPEND procyon_warnings -Wlogical-op -Wduplicated-cond)
endif()
# Messages name files as the tree does, wherever it was checked out: the same source gives the same image.
set(procyon_language -std=c++23 "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=" -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-omit-frame-pointer)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang calls C++23 by its working name in what libstdc++ 12 tests.
  list(TRANSFORM procyon_language REPLACE "c\\+\\+23" "c++2b")
endif()

# Kernel code on riscv64: no FPU, no OS, any load address within the top 2 GiB of the address space.
if(PROCYON_RISCV64)
  set(procyon_riscv64
      -ffreestanding -march=rv64imac_zicsr_zifencei -mabi=lp64 -mcmodel=medany -fno-pic -fno-pie
      -fno-asynchronous-unwind-tables -fno-unwind-tables -ffunction-sections -fdata-sections -fno-stack-protector
      -isystem "${PROJECT_SOURCE_DIR}/arch/riscv64/compat" -Wframe-larger-than=2048)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS "-std=c++23 -ffreestanding -march=rv64imac_zicsr_zifencei -mabi=lp64 -isystem ${PROJECT_SOURCE_DIR}/arch/riscv64/compat")
  check_cxx_source_compiles("#include <atomic>
      #include <span>
      std::atomic<int> probe; int f(std::span<int> s) { return probe.load() + s[0]; }" PROCYON_HAS_ATOMIC)
  if(NOT PROCYON_HAS_ATOMIC)
    message(FATAL_ERROR "${CMAKE_CXX_COMPILER} has no usable <atomic>: it comes without libstdc++'s headers (as Debian's "
            "gcc-riscv64-unknown-elf does) or is older than GCC 12. Install g++-riscv64-linux-gnu, or point PROCYON_CROSS at a "
            "riscv-gnu-toolchain built with C++.")
  endif()
endif()

# Release images are optimised as one when they are linked: the kernel's many small functions call each other across files.
set(procyon_optimised_as_one OFF)
if(PROCYON_RISCV64 AND CMAKE_BUILD_TYPE STREQUAL "Release")
  set(procyon_optimised_as_one ON)
endif()

foreach(backend IN LISTS PROCYON_BACKENDS)
  add_library(kernel_flags-${backend} INTERFACE)
  target_compile_options(kernel_flags-${backend} INTERFACE
                         "$<$<COMPILE_LANGUAGE:CXX>:${procyon_warnings};${procyon_language}>" ${procyon_riscv64})
  target_include_directories(kernel_flags-${backend} INTERFACE "${PROJECT_SOURCE_DIR}/kernel" "${PROJECT_SOURCE_DIR}")
  # Assertions of hot paths and self-checks: in every build but release.
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_definitions(kernel_flags-${backend} INTERFACE PROCYON_DEBUG)
  endif()
  if(backend STREQUAL "sim")
    target_include_directories(kernel_flags-${backend} INTERFACE "${PROJECT_SOURCE_DIR}/tests/host/sim/backend")
  else()
    target_include_directories(kernel_flags-${backend} INTERFACE "${PROJECT_SOURCE_DIR}/kernel/base/schedule_point/none")
  endif()
  if(backend STREQUAL "riscv64")
    target_include_directories(kernel_flags-${backend} INTERFACE "${PROJECT_SOURCE_DIR}/arch/riscv64/backend")
  else()
    target_include_directories(kernel_flags-${backend} INTERFACE "${PROJECT_SOURCE_DIR}/tests/host/backend")
  endif()
endforeach()

# The standard library's headers are half of what most files cost to compile: read once for each backend, by what follows.
# riscv64-debug goes without, which shows that every file includes what it needs.
option(PROCYON_PRECOMPILED "Precompile kernel/base/std.h" ON)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/precompiled.cc" CONTENT "// Carries precompiled headers.\n")
if(PROCYON_PRECOMPILED)
  foreach(backend IN LISTS PROCYON_BACKENDS)
    add_library(kernel_headers-${backend} OBJECT "${PROJECT_BINARY_DIR}/precompiled.cc")
    set_target_properties(kernel_headers-${backend} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ${procyon_optimised_as_one})
    target_link_libraries(kernel_headers-${backend} PRIVATE kernel_flags-${backend})
    target_precompile_headers(kernel_headers-${backend} PRIVATE "${PROJECT_SOURCE_DIR}/kernel/base/std.h")
  endforeach()
endif()

# procyon_precompiled(TARGET BACKEND): TARGET, whose flags are those of kernel modules, uses the precompiled headers.
function(procyon_precompiled target backend)
  if(PROCYON_PRECOMPILED)
    target_precompile_headers(${target} REUSE_FROM kernel_headers-${backend})
  endif()
endfunction()

# procyon_source_options(FILE OPTION...): compiles one file with further options, and so without headers that were precompiled
# with others.
function(procyon_source_options file)
  set_source_files_properties("${file}" PROPERTIES COMPILE_OPTIONS "${ARGN}" SKIP_PRECOMPILE_HEADERS ON)
endfunction()
