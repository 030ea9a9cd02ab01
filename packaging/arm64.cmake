# SPDX-License-Identifier: GPL-2.0-only
# Build for arm64 on another machine, with libraries unpacked into a root of their own (packaging/deps build arm64):
#
#	cmake -S . -B build/arm64 -DCMAKE_TOOLCHAIN_FILE=packaging/arm64.cmake
#
# -DCMAKE_SYSROOT=DIR: another root with arm64's libc, libbpf, libelf, zlib and libcjson for development.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)

if(NOT CMAKE_SYSROOT)
	execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../tests/vm/root arm64
		OUTPUT_VARIABLE CMAKE_SYSROOT OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE FAILED)
	if(FAILED)
		message(FATAL_ERROR "no libraries for arm64")
	endif()
endif()
# unit tests run in emulation of a program, where there is one
find_program(QEMU_AARCH64 qemu-aarch64)
if(QEMU_AARCH64)
	set(CMAKE_CROSSCOMPILING_EMULATOR ${QEMU_AARCH64} -L ${CMAKE_SYSROOT})
endif()
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig)
