# User programs: C for riscv64, whatever the kernel is built for. Their compiler is not CMake's, so each step is a command.
#
# procyon_user_program(NAME SOURCES file... [PICOLIBC] [CXX] [PLAN9] [TEST]): NAME, stripped, in user/bin of the binary directory, with its
# symbols beside it in NAME.debug; it becomes /bin/NAME of the built-in archive. PICOLIBC: with picolibc's C library in place
# of ours. CXX: the sources are C++; without a compiler for it there is no such program. TEST: it is for tests and not in the archive.
# PLAN9: the sources are in Plan 9's dialect of C.
# The property PROCYON_USER_PROGRAMS lists the programs; without a compiler, which only host builds may lack, it is empty.
set(PROCYON_USER_CROSS "riscv64-unknown-elf-" CACHE STRING "prefix of the toolchain for user programs")
# The kernel's compiler, because Debian's for bare machines comes without libstdc++'s headers.
set(PROCYON_CROSS "riscv64-linux-gnu-" CACHE STRING "prefix of the riscv64 toolchain, e.g. /opt/riscv/bin/riscv64-unknown-elf-")

# A flavour is what floating point the programs use: hard is for machines, soft for the interpreter of the host's tests.
set(procyon_user_machine_soft -march=rv64imac -mabi=lp64)
set(procyon_user_machine_hard -march=rv64gc -mabi=lp64d)
if(PROCYON_RISCV64)
  set(procyon_user_flavour hard)
else()
  set(procyon_user_flavour soft)
endif()
set(procyon_user_machine ${procyon_user_machine_${procyon_user_flavour}})

set(procyon_user_warnings -Wall -Wextra -Wshadow -Wundef -Wvla -Wimplicit-fallthrough -Wmissing-prototypes
    -Wstrict-prototypes -Werror)
set(procyon_user_compile ${procyon_user_machine} -std=gnu17 -Os -g -ffunction-sections -fdata-sections -fno-stack-protector
    -fno-asynchronous-unwind-tables -fno-pic "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=" ${procyon_user_warnings}
    "-I${PROJECT_SOURCE_DIR}/user/include")
# What Plan 9's dialect has more, and what of it has warnings that say nothing here.
set(procyon_user_plan9 -fplan9-extensions -fsigned-char -Wno-unknown-pragmas -Wno-missing-prototypes -Wno-strict-prototypes
    -Wno-implicit-fallthrough -Wno-main -Wno-sign-compare -Wno-shadow)
# C++ is the kernel's dialect: rc's source is at home in both.
set(procyon_user_compile_cxx ${procyon_user_machine} -std=c++23 -ffreestanding -Os -g -ffunction-sections -fdata-sections
    -fno-stack-protector -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-pic -fno-exceptions -fno-rtti
    -fno-threadsafe-statics "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=" -Wall -Wextra -Wshadow -Wundef -Wvla
    -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough -Werror
    -isystem "${PROJECT_SOURCE_DIR}/arch/riscv64/compat" "-I${PROJECT_SOURCE_DIR}" "-I${PROJECT_SOURCE_DIR}/kernel"
    "-I${PROJECT_SOURCE_DIR}/kernel/base/schedule_point/none")
set(procyon_user_link ${procyon_user_machine} -nostdlib -nostartfiles -static -no-pie -Wl,--gc-sections -Wl,--build-id=none
    -Wl,-z,max-page-size=4096 -T "${PROJECT_SOURCE_DIR}/linker/user.ld")
set(procyon_user_picolibc --specs=picolibc.specs)
set(procyon_user_folder "${CMAKE_BINARY_DIR}/user")

# Is there a compiler, and can it link with picolibc? Sets PROCYON_USER_CC, or says what is missing.
function(procyon_find_user_compiler)
  find_program(PROCYON_USER_CC "${PROCYON_USER_CROSS}gcc")
  if(PROCYON_USER_CC)
    set(probe "${CMAKE_BINARY_DIR}/user/probe.c")
    file(CONFIGURE OUTPUT "${probe}" CONTENT "#include <string.h>\nint main(int argc, char** argv) { return strlen(argv[argc - 1]); }\n")
    execute_process(COMMAND "${PROCYON_USER_CC}" ${procyon_user_picolibc} ${procyon_user_machine} -o "${probe}.elf" "${probe}"
                    RESULT_VARIABLE failed OUTPUT_QUIET ERROR_VARIABLE reason)
    if(NOT failed)
      return()
    endif()
    list(JOIN procyon_user_machine " " machine)
    set(problem "${PROCYON_USER_CC} cannot link a C program for ${machine} with picolibc (install "
                "picolibc-riscv64-unknown-elf): ${reason}")
  else()
    set(problem "no ${PROCYON_USER_CROSS}gcc found, which builds the user programs: install gcc-riscv64-unknown-elf and "
                "picolibc-riscv64-unknown-elf, or set PROCYON_USER_CROSS to a toolchain's prefix")
  endif()
  if(PROCYON_RISCV64)
    message(FATAL_ERROR ${problem})
  endif()
  list(JOIN problem "" problem)
  message(STATUS "No user programs in the archive: ${problem}")
  set(PROCYON_USER_CC "PROCYON_USER_CC-NOTFOUND" CACHE FILEPATH "the compiler for user programs" FORCE)
endfunction()

# procyon_user_objects(OUT FOLDER SOURCES file... [CXX] [PLAN9] [FLAGS flag...]): compiles each to FOLDER of the user folder.
function(procyon_user_objects out folder)
  cmake_parse_arguments(PARSE_ARGV 2 arg "CXX;PLAN9" "" "SOURCES;FLAGS")
  set(compile "${PROCYON_USER_CC}" ${arg_FLAGS} ${procyon_user_compile})
  if(arg_CXX)
    set(compile "${PROCYON_USER_CXX}" ${arg_FLAGS} ${procyon_user_compile_cxx})
  endif()
  if(arg_PLAN9)
    list(APPEND compile ${procyon_user_plan9})
  endif()
  file(MAKE_DIRECTORY "${procyon_user_folder}/${folder}")
  set(objects)
  foreach(source IN LISTS arg_SOURCES)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
    cmake_path(GET source FILENAME name)
    set(object "${procyon_user_folder}/${folder}/${name}.o")
    add_custom_command(OUTPUT "${object}"
                       COMMAND ${compile} -MD -MF "${object}.d" -c -o "${object}" "${source}"
                       DEPENDS "${source}" DEPFILE "${object}.d" COMMENT "Compiling for users: ${folder}/${name}" VERBATIM)
    list(APPEND objects "${object}")
  endforeach()
  set(${out} "${objects}" PARENT_SCOPE)
endfunction()

# procyon_user_library(NAME [WEAK] OBJECTS file...): libNAME.a. WEAK: a program may have functions of the same names, each in place
# of the library's, as where every function is an object of its own.
function(procyon_user_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "WEAK" "" "OBJECTS")
  set(library "${procyon_user_folder}/lib${name}.a")
  if(arg_WEAK)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(script "${PROJECT_SOURCE_DIR}/tools/mkweaklib.py")
    set(archive "${Python3_EXECUTABLE}" "${script}" "${PROCYON_USER_CROSS}" "${library}")
  else()
    set(script)
    set(archive "${PROCYON_USER_CROSS}ar" rcsD "${library}")
  endif()
  add_custom_command(OUTPUT "${library}"
                     COMMAND "${CMAKE_COMMAND}" -E rm -f "${library}"
                     COMMAND ${archive} ${arg_OBJECTS}
                     DEPENDS ${arg_OBJECTS} ${script} COMMENT "Archiving lib${name}.a" VERBATIM)
endfunction()

function(procyon_user_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "PICOLIBC;CXX;PLAN9;TEST" "" "SOURCES")
  set(language)
  if(arg_PLAN9)
    set(language PLAN9)
  endif()
  if(arg_CXX)
    set(language CXX)
    find_program(PROCYON_USER_CXX "${PROCYON_CROSS}g++")
  endif()
  if(NOT PROCYON_USER_CC OR (arg_CXX AND NOT PROCYON_USER_CXX))
    if(PROCYON_USER_CC)
      message(STATUS "No program ${name}: no ${PROCYON_CROSS}g++ found (install g++-riscv64-linux-gnu, or set PROCYON_CROSS)")
    endif()
    return()
  endif()
  if(arg_PICOLIBC)
    set(library "${procyon_user_folder}/libprocyon_picolibc.a")
    set(specs ${procyon_user_picolibc})
    set(libraries -Wl,--start-group "${library}" -lc -lgcc -Wl,--end-group)
  else()
    set(library "${procyon_user_folder}/libprocyon.a")
    set(specs -ffreestanding)
    set(libraries "${library}" -lgcc)
    if(NOT arg_TEST)
      # No program of the archive prints floating point, so none has the code for it.
      list(APPEND libraries -Wl,--defsym=_float_verb=0)
    endif()
  endif()
  procyon_user_objects(objects "programs/${name}" ${language} SOURCES ${arg_SOURCES} FLAGS ${specs})
  file(MAKE_DIRECTORY "${procyon_user_folder}/bin")
  set(program "${procyon_user_folder}/bin/${name}")
  set(linked "${procyon_user_folder}/programs/${name}/${name}.elf")
  # The linker takes what it needs of the library: a program that brings its own _start gets nothing.
  add_custom_command(OUTPUT "${program}" "${program}.debug"
                     COMMAND "${PROCYON_USER_CC}" ${specs} ${procyon_user_link} -o "${linked}" ${objects} ${libraries}
                     COMMAND "${PROCYON_USER_CROSS}objcopy" --only-keep-debug "${linked}" "${program}.debug"
                     COMMAND "${PROCYON_USER_CROSS}objcopy" --strip-all "${linked}" "${program}"
                     DEPENDS ${objects} "${library}" "${PROJECT_SOURCE_DIR}/linker/user.ld"
                     COMMENT "Linking for users: ${name}" VERBATIM)
  if(NOT arg_TEST)
    set_property(GLOBAL APPEND PROPERTY PROCYON_USER_PROGRAMS "${name}")
  endif()
endfunction()
