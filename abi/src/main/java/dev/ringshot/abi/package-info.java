/// The words both sides of io_uring's system calls speak, and the seam between the sides.
///
/// [dev.ringshot.abi.Kernel] is the seam: the seven system calls a ring lives by. Everything else
/// is the shared memory and the numbers that go across it, as in the C headers of Linux 7.3; which
/// kernel knows which is for that kernel to say.
///
/// ## Types
///
/// - Constants by their C names: [dev.ringshot.abi.IoUring], [dev.ringshot.abi.Errno],
///   [dev.ringshot.abi.Fcntl], [dev.ringshot.abi.Poll], [dev.ringshot.abi.Socket],
///   [dev.ringshot.abi.Stat].
/// - Cursors, moved over bytes with `at`, that read and write fields and allocate nothing:
///   [dev.ringshot.abi.Sqe], a submission with one verb per opcode, [dev.ringshot.abi.Cqe], a
///   completion, and [dev.ringshot.abi.RingParams].
/// - Layouts: offsets of the fields of a C structure in bytes, by their names in capitals, and its
///   `SIZE`: [dev.ringshot.abi.BufferRingLayout], [dev.ringshot.abi.GeteventsArg],
///   [dev.ringshot.abi.Probe], [dev.ringshot.abi.SyncCancelReg], [dev.ringshot.abi.Timespec], ….
/// - [dev.ringshot.abi.ErrnoException], what a refused call becomes above the seam;
///   [dev.ringshot.abi.HostFiles], the files of the machine, for a kernel that has none of its own.
///
/// ## Rules
///
/// Addresses are 64-bit numbers, results are a value or `-errno`, and numbers are in the machine's
/// byte order, as the kernel's are. C's unsigned 32- and 64-bit values keep their bits in `int` and
/// `long`; smaller ones are read as non-negative `int`s. Structures are those of 64-bit machines.
///
/// Sources: `<linux/io_uring.h>` and the headers beside it; io_uring_enter(2),
/// io_uring_register(2), io_uring_setup(2), io_uring(7).
///
/// ## Differences from Linux
///
/// None in values, offsets and sizes: a test compares each with the C headers, for x86-64 and
/// aarch64. No header has `EIOCBQUEUED`, which is the kernel's own. Left out:
///
/// - what is only for zero-copy receive, BPF filters, NAPI, memory regions and cloned buffers:
///   their opcodes are here, their structures are not;
/// - big-endian and 32-bit machines;
/// - mmap(2) and munmap(2) are cut down in [dev.ringshot.abi.Kernel] to what rings need: shared
///   mappings, unmapped as a whole; and open(2) there creates no files.
@NullMarked
package dev.ringshot.abi;

import org.jspecify.annotations.NullMarked;
