# procyon_builtin_archive(TARGET): packs user/archive and the user programs, as /bin/NAME, and puts them into TARGET as
# builtin_archive.
# The object holds the bytes as they are; kernel/dev/root reads the two symbols around them.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

set(procyon_archive "${CMAKE_BINARY_DIR}/archive/root.cpio")
set(procyon_archive_source "${CMAKE_BINARY_DIR}/archive/builtin_archive.S")
file(GLOB_RECURSE procyon_archive_files CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/user/archive/*")
get_property(procyon_programs GLOBAL PROPERTY PROCYON_USER_PROGRAMS)
set(procyon_program_files)
set(procyon_program_entries)
foreach(name IN LISTS procyon_programs)
  list(APPEND procyon_program_files "${CMAKE_BINARY_DIR}/user/bin/${name}")
  list(APPEND procyon_program_entries "bin/${name}=${CMAKE_BINARY_DIR}/user/bin/${name}")
endforeach()
add_custom_command(OUTPUT "${procyon_archive}"
                   COMMAND "${CMAKE_COMMAND}" -E make_directory "${CMAKE_BINARY_DIR}/archive"
                   COMMAND Python3::Interpreter "${PROJECT_SOURCE_DIR}/tools/mkarchive.py" -o "${procyon_archive}"
                           "=${PROJECT_SOURCE_DIR}/user/archive" ${procyon_program_entries}
                   DEPENDS "${PROJECT_SOURCE_DIR}/tools/mkarchive.py" ${procyon_archive_files} ${procyon_program_files} VERBATIM)
add_custom_target(builtin_archive DEPENDS "${procyon_archive}")
file(CONFIGURE OUTPUT "${procyon_archive_source}" @ONLY CONTENT [[
# Made by tools/cmake/archive.cmake: the built-in archive, page-aligned so that executables are mapped in place.
    .section .rodata.builtin_archive, "a"
    .balign 4096
    .globl builtin_archive_start
builtin_archive_start:
    .incbin "@procyon_archive@"
    .globl builtin_archive_end
builtin_archive_end:
    .section .note.GNU-stack, "", %progbits
]])
function(procyon_builtin_archive target)
  target_sources(${target} PRIVATE "${procyon_archive_source}")
  set_source_files_properties("${procyon_archive_source}" TARGET_DIRECTORY ${target}
                              PROPERTIES OBJECT_DEPENDS "${procyon_archive}")
  add_dependencies(${target} builtin_archive)
endfunction()
