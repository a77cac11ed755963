# Toolchain for the kernel: any GCC for riscv64 that has libstdc++'s freestanding headers.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR riscv64)

# The one variable: the prefix of a riscv-gnu-toolchain, or Debian's cross compiler.
set(PROCYON_CROSS "riscv64-linux-gnu-" CACHE STRING "prefix of the riscv64 toolchain, e.g. /opt/riscv/bin/riscv64-unknown-elf-")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PROCYON_CROSS)

find_program(procyon_cxx "${PROCYON_CROSS}g++")
if(NOT procyon_cxx)
  message(FATAL_ERROR "no ${PROCYON_CROSS}g++ found: install g++-riscv64-linux-gnu, or set PROCYON_CROSS to a toolchain's prefix")
endif()
set(CMAKE_CXX_COMPILER "${procyon_cxx}")
set(CMAKE_C_COMPILER "${PROCYON_CROSS}gcc")
set(CMAKE_ASM_COMPILER "${PROCYON_CROSS}gcc")
set(CMAKE_OBJCOPY "${PROCYON_CROSS}objcopy")
set(CMAKE_NM "${PROCYON_CROSS}nm")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
