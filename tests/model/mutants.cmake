# model_mutants(NAME CLASS FOLDER MUTANTS SOURCES...): a test of SOURCES with a copy of the headers of FOLDER in which each fault of the
# list MUTANTS can be switched on. All faults are in one copy, each behind a switch that the test sets.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(MODEL_MUTATE "${CMAKE_CURRENT_LIST_DIR}/mutate.py")

function(model_mutants name of_class folder as mutants)
  set(mutated "${CMAKE_CURRENT_BINARY_DIR}/mutated")
  file(GLOB headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${folder}/*.h")
  list(TRANSFORM headers REPLACE "^.*/" "${mutated}/${as}/" OUTPUT_VARIABLE mutated_headers)
  add_custom_command(OUTPUT "${mutated}/${as}/mutants.inc" ${mutated_headers}
                     COMMAND Python3::Interpreter "${MODEL_MUTATE}" "${mutants}" "${of_class}" "${PROJECT_SOURCE_DIR}/${folder}"
                             "${mutated}/${as}"
                     DEPENDS "${MODEL_MUTATE}" "${mutants}" ${headers} VERBATIM)
  add_executable(${name} ${ARGN} "${mutated}/${as}/mutants.inc")
  target_include_directories(${name} BEFORE PRIVATE "${mutated}")
  target_link_libraries(${name} PRIVATE model)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 600)
endfunction()
