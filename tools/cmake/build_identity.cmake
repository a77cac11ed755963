# The identity of the build: the commit's date, so that the same source gives the same bytes.
set(PROCYON_BUILD_TIME 0)
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  set(PROCYON_BUILD_TIME "$ENV{SOURCE_DATE_EPOCH}")
else()
  find_package(Git QUIET)
  if(Git_FOUND)
    execute_process(COMMAND "${GIT_EXECUTABLE}" -C "${PROJECT_SOURCE_DIR}" log -1 --format=%ct
                    OUTPUT_VARIABLE commit_time OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(commit_time MATCHES "^[0-9]+$")
      set(PROCYON_BUILD_TIME "${commit_time}")
    endif()
    # A new commit configures again; only base/version.cc depends on the date.
    if(EXISTS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/.git/logs/HEAD")
    endif()
  endif()
endif()
