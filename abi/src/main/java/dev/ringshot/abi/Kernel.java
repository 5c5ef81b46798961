package dev.ringshot.abi;

import java.lang.foreign.MemorySegment;

/// The system calls a ring lives by: the seam between a client and whichever kernel serves it.
///
/// Results are what the kernel returns: a value, or `-errno`. Arguments that are addresses are
/// plain 64-bit numbers, as in C: a kernel looks at nothing else. All memory that a kernel shall
/// reach comes from [#map].
public interface Kernel {
  /// `prot` of [#map]: pages may be read.
  int PROT_READ = 1;

  /// `prot` of [#map]: pages may be written.
  int PROT_WRITE = 2;

  /// io_uring_setup(2).
  ///
  /// @param entries submission queue entries wanted
  /// @param params address of a `struct io_uring_params` (120 bytes), read and written
  /// @return the ring's descriptor, or `-errno`
  int setup(int entries, long params);

  /// io_uring_enter(2).
  ///
  /// @param fd the ring, or its registered index with `IORING_ENTER_REGISTERED_RING`
  /// @param arg address of a sigset or, with `IORING_ENTER_EXT_ARG`, of a `struct
  ///   io_uring_getevents_arg`; 0 for none
  /// @param argSize its size in bytes
  /// @return submission queue entries consumed, or `-errno`
  int enter(int fd, int toSubmit, int minComplete, int flags, long arg, long argSize);

  /// io_uring_register(2).
  ///
  /// @param arg address of what `opcode` asks for, or 0
  /// @return a value of the opcode's, or `-errno`
  int register(int fd, int opcode, long arg, int argCount);

  /// open(2) without a mode: files are created through the ring (`IORING_OP_OPENAT`).
  ///
  /// @return a descriptor, or `-errno`
  int open(String path, int flags);

  /// close(2).
  ///
  /// @return 0 or `-errno`
  int close(int fd);

  /// mmap(2), shared. With `fd` -1, fresh zeroed memory that the kernel can reach.
  ///
  /// @param offset which area of `fd`: `IORING_OFF_SQ_RING`, …
  /// @param length bytes; whole pages are mapped, the segment has exactly this size
  /// @param protection [#PROT_READ] and [#PROT_WRITE]
  /// @return the mapping, owned by the caller until [#unmap]
  /// @throws ErrnoException if the mapping is refused: the one call that cannot return `-errno`
  MemorySegment map(int fd, long offset, long length, int protection);

  /// munmap(2), of exactly what [#map] returned.
  ///
  /// @return 0, `-EINVAL` for a segment that is no mapping of this kernel's (any more), or `-EBUSY`
  ///   while a foreign call holds the segment: then nothing happened
  int unmap(MemorySegment mapping);
}
