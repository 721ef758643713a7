# Fetches the pinned source tarballs: verified by sha256, kept in the cache, never in the checkout.

# Ends the build with one sentence. It is also left in a file, for a caller that shows it without CMake's call stack.
function(stop sentence)
  if(NOT "$ENV{ROCKSTATE_BUILD_ERROR_FILE}" STREQUAL "")
    file(WRITE $ENV{ROCKSTATE_BUILD_ERROR_FILE} "${sentence}")
  endif()
  message(FATAL_ERROR "${sentence}")
endfunction()

# The free space, in MiB, of the file system that holds `directory`.
function(free_space_mib directory out)
  execute_process(COMMAND df -Pk ${directory} OUTPUT_VARIABLE table ERROR_QUIET)
  if(table MATCHES "[^\n]*\n[^ ]+ +[0-9]+ +[0-9]+ +([0-9]+)")
    math(EXPR free "${CMAKE_MATCH_1} / 1024")
    set(${out} ${free} PARENT_SCOPE)
  else()
    set(${out} 1000000 PARENT_SCOPE)
  endif()
endfunction()

function(require_free_space directory needed_mib purpose)
  free_space_mib(${directory} free)
  if(free LESS needed_mib)
    stop("The disk is too full for ${purpose}: ${directory} has ${free} MiB free, ${needed_mib} MiB are needed; \
free some space or point XDG_CACHE_HOME at another disk.")
  endif()
endfunction()

# Moves `file` to `target` if its hash is the pinned one; stops otherwise.
function(accept_tarball name file expected target)
  file(SHA256 ${file} actual)
  if(NOT actual STREQUAL expected)
    file(REMOVE ${file})
    stop("The source tarball of ${name} has a wrong sha256: expected ${expected}, got ${actual}; it was deleted, \
nothing was built.")
  endif()
  file(RENAME ${file} ${target})
endfunction()

# Sets `out` to the path of the verified tarball of a dependency: from the cache, the release page, or Debian.
function(fetch_tarball name cache out)
  set(directory ${cache}/sources)
  file(MAKE_DIRECTORY ${directory})
  foreach(sha256 ${${name}_RELEASE_SHA256} ${${name}_DEBIAN_SHA256})
    if(EXISTS ${directory}/${sha256})
      file(SHA256 ${directory}/${sha256} actual)
      if(actual STREQUAL sha256)
        set(${out} ${directory}/${sha256} PARENT_SCOPE)
        return()
      endif()
      file(REMOVE ${directory}/${sha256})
    endif()
  endforeach()
  require_free_space(${directory} 100 "the sources of ${name}")

  message(STATUS "Fetching ${name} ${${name}_VERSION}")
  string(RANDOM LENGTH 12 suffix)
  set(partial ${directory}/partial-${suffix})
  file(DOWNLOAD ${${name}_RELEASE_URL} ${partial} STATUS status TIMEOUT 600 INACTIVITY_TIMEOUT 30)
  list(GET status 0 code)
  list(GET status 1 download_error)
  if(code EQUAL 0)
    accept_tarball(${name} ${partial} ${${name}_RELEASE_SHA256} ${directory}/${${name}_RELEASE_SHA256})
    set(${out} ${directory}/${${name}_RELEASE_SHA256} PARENT_SCOPE)
    return()
  endif()
  file(REMOVE ${partial})

  set(work ${directory}/debian-${suffix})
  execute_process(
    COMMAND sh ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/fetch-from-debian.sh ${${name}_DEBIAN_PACKAGE} ${work}
    OUTPUT_VARIABLE tarball OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_VARIABLE debian_error RESULT_VARIABLE failed)
  if(failed)
    file(REMOVE_RECURSE ${work})
    string(REGEX REPLACE "[\n ]+" " " debian_error "${debian_error}")
    stop("The source of ${name} ${${name}_VERSION} could not be fetched: its release page failed (${download_error}) \
and so did the Debian archive (${debian_error}); check the network, or put the tarball with sha256 \
${${name}_RELEASE_SHA256} at ${directory}/${${name}_RELEASE_SHA256}.")
  endif()
  accept_tarball(${name} ${tarball} ${${name}_DEBIAN_SHA256} ${directory}/${${name}_DEBIAN_SHA256})
  file(REMOVE_RECURSE ${work})
  set(${out} ${directory}/${${name}_DEBIAN_SHA256} PARENT_SCOPE)
endfunction()
