/// Generated programs, run on two kernels and compared.
///
/// A [dev.ringshot.conformance.differ.ProgramGenerator] draws a
/// [dev.ringshot.conformance.differ.Program] from a seed, of the
/// [dev.ringshot.conformance.differ.Feature]s that the seed has. An `Execution` runs it on one
/// kernel: first on the model, in virtual time, then on Linux, where as many completions are waited
/// for. After each step all has happened that can happen by itself, so that two
/// [dev.ringshot.conformance.differ.Trace]s differ only where the kernels do, or by a named
/// [dev.ringshot.conformance.differ.Freedom]. A `Shrinker` makes the program of a
/// [dev.ringshot.conformance.differ.Difference] small; `CaseText` prints it as a case.
///
/// A request that a worker runs is alone in its step and ends in it; a program in which it does not
/// loses that step. Nothing of a program reaches what it did not open: its descriptors, its memory,
/// addresses that are certainly bad, loopback.
///
/// ## Not generated
///
/// - Bundled receives, bundles in incremental buffers, MSG_WAITALL with a selected buffer.
/// - Operations with a priority or flags of their own on a worker; a cancelation there, which may
///   find itself.
/// - Count timeouts beside expiring ones, skipped completions or overflow, which Linux counts
///   before they are posted, or beside time stamps, which are posted when task work is interrupted.
/// - Time stamps in a ring of 32-byte completions whose queue fills up or comes to its end: Linux
///   6.18 wants two free slots for one there as if the ring were mixed, and where the last slot is
///   the only one left shows once more what had been in it (`io_cqe_cache_refill`).
/// - `IORING_RECVSEND_POLL_FIRST` where nothing can be polled, so that a worker tells.
/// - 32-byte completions in rings of mixed sizes with order that is free, and in their overflow
///   list.
/// - SQPOLL, IOPOLL, registered rings and waits, resized rings, tagged resources.
/// - Events of the reference device: [dev.ringshot.conformance.cases.RandomScript] has those.
@NullMarked
package dev.ringshot.conformance.differ;

import org.jspecify.annotations.NullMarked;
