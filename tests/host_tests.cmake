# GoogleTest's headers cost more to compile than most tests: once for each backend.
foreach(backend IN LISTS PROCYON_BACKENDS)
  add_library(test_headers-${backend} OBJECT "${PROJECT_BINARY_DIR}/precompiled.cc")
  target_link_libraries(test_headers-${backend} PRIVATE kernel_flags-${backend} GTest::gtest)
  target_compile_options(test_headers-${backend} PRIVATE $<$<CONFIG:Debug>:-O0>)
  target_precompile_headers(test_headers-${backend} PRIVATE <gtest/gtest.h> "${PROJECT_SOURCE_DIR}/kernel/base/std.h")
endforeach()

# procyon_host_test(NAME BACKEND threads|sim SOURCES file... LIBRARIES module...): a GoogleTest program on a host backend.
# LIBRARIES are module names without backend; "fixture" runs the test's code as tasks (tests/fixture/kernel_fixture.h).
# The machine's implementation comes first and the do-nothing upcalls last: they serve tests that bring no others.
# No program is made for a backend that this build does not have.
# OWN_MACHINE: the test's sources define what they need of kernel/machine themselves.
function(procyon_host_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "OWN_MACHINE" "BACKEND" "SOURCES;LIBRARIES")
  if(NOT arg_BACKEND)
    set(arg_BACKEND threads)
  endif()
  if(NOT arg_BACKEND IN_LIST PROCYON_BACKENDS)
    return()
  endif()
  add_executable(${name} ${arg_SOURCES})
  if(NOT arg_OWN_MACHINE)
    target_link_libraries(${name} PRIVATE host-${arg_BACKEND})
  endif()
  foreach(library IN LISTS arg_LIBRARIES)
    target_link_libraries(${name} PRIVATE ${library}-${arg_BACKEND})
  endforeach()
  if(NOT arg_OWN_MACHINE)
    target_link_libraries(${name} PRIVATE host_bare-${arg_BACKEND})
  endif()
  # Tests are many and run once: in debug builds the compiler's time is dearer than theirs. The kernel keeps its flags.
  target_compile_options(${name} PRIVATE $<$<CONFIG:Debug>:-O0>)
  target_precompile_headers(${name} REUSE_FROM test_headers-${arg_BACKEND})
  # GoogleTest's own headers want neither our warnings nor our language limits; tests are ordinary C++ programs.
  target_link_libraries(${name} PRIVATE GTest::gtest GTest::gtest_main)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)
endfunction()
