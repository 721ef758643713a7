# The third-party libraries, as one imported target `rockstate_deps`. In the order in which they are built.
set(DEPENDENCIES)

# declare_dependency(name VERSION … RELEASE_URL … …): one library's pins and build, see the files beside this one.
function(declare_dependency name)
  cmake_parse_arguments(PARSE_ARGV 1 dep "" "VERSION;RELEASE_URL;RELEASE_SHA256;DEBIAN_PACKAGE;DEBIAN_SHA256;SOURCE_OVERRIDE;CMAKE_SUBDIR;BUILD_TARGET"
    "LICENSES;PRIVATE_HEADERS;CMAKE_ARGS")
  foreach(field VERSION RELEASE_URL RELEASE_SHA256 DEBIAN_PACKAGE DEBIAN_SHA256 SOURCE_OVERRIDE CMAKE_SUBDIR BUILD_TARGET LICENSES
      PRIVATE_HEADERS CMAKE_ARGS)
    set(${name}_${field} ${dep_${field}} PARENT_SCOPE)
  endforeach()
  set(DEPENDENCIES ${DEPENDENCIES} ${name} PARENT_SCOPE)
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/fetch.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/build.cmake)
foreach(library snappy lz4 zstd rocksdb)
  include(${CMAKE_CURRENT_LIST_DIR}/${library}.cmake)
endforeach()

function(add_dependencies_target)
  if(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(cache $ENV{XDG_CACHE_HOME}/rockstate)
  else()
    set(cache $ENV{HOME}/.cache/rockstate)
  endif()
  provide_dependencies(${cache} prefix)
  add_library(rockstate_deps INTERFACE)
  target_include_directories(rockstate_deps SYSTEM INTERFACE ${prefix}/include)
  find_package(Threads REQUIRED)
  target_link_libraries(rockstate_deps INTERFACE ${prefix}/lib/librocksdb.a ${prefix}/lib/libsnappy.a
    ${prefix}/lib/liblz4.a ${prefix}/lib/libzstd.a Threads::Threads)
  set(ROCKSTATE_DEPS_PREFIX ${prefix} CACHE INTERNAL "Where the built dependencies and their licences are")
endfunction()
