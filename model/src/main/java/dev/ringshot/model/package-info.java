/// io_uring's kernel side in plain Java.
///
/// A [dev.ringshot.model.ModelKernel] answers the system calls of [dev.ringshot.abi.Kernel] with
/// the bytes, errnos and orders of checks of a Linux [dev.ringshot.model.Release]. Drivers plug in
/// as [dev.ringshot.model.FileOperations]; their heart is *select a buffer, post a multishot
/// completion*: [dev.ringshot.model.UringCmd]. Everything that happens, happens on a
/// [dev.ringshot.model.Scheduler].
///
/// ## How it is laid out
///
/// A submission becomes a `Request` (64 bytes, copied once), checked and issued through the table
/// `Operations`; what cannot be answered now parks: on a file (`FilePoll`), a timer
/// (`RequestTimeout`), a worker (`WorkerItem`), or in a driver (`UringCmd`); or it waits for
/// others, in a chain (`Links`) or a `Drain`. Whatever ends a wait queues task work for the ring's
/// own context, where completions are posted (`CompletionRing`). One lock guards one ring, the
/// kernel's `uring_lock`; program memory (`UserMemory`) and descriptors (`FileTable`) are looked up
/// without locks. A socket (`SocketFile`) has a monitor of its own, taken inside the ring's and
/// never together with another socket's.
///
/// ## Differences from Linux
///
/// - **Refused**, with the errno of a kernel that lacks them: the setup flags IOPOLL, SQPOLL,
///   SQ_AFF, ATTACH_WQ, HYBRID_IOPOLL, REGISTERED_FD_ONLY (`-EINVAL`); opcodes other than those
///   `IORING_REGISTER_PROBE` names (`-EOPNOTSUPP`, as when compiled out); register opcodes for
///   clocks, worker limits, NAPI, regions (`-EINVAL`); tagged files (`-EINVAL`); registered waits
///   (`-EFAULT`). `IORING_REGISTER_QUERY` names the setup flags that are not refused.
/// - **Memory**: a mapping is whole and is unmapped whole. The program's own segment stays readable
///   after `unmap` (its address is bad at once); the garbage collector frees the memory when no
///   segment of it is left. An area mapped twice has one address. Mapping a buffer ring longer than
///   it is gives a segment of its real size.
/// - **Tasks** are threads. A thread that ends does not cancel what it submitted; its rings'
///   requests end with the rings. Signals do not exist; a Java interrupt is not one.
/// - **Task work** of a ring without COOP_TASKRUN or DEFER_TASKRUN, coming while its thread is
///   outside the kernel, is run by a thread of the scheduler's, where Linux would interrupt.
/// - A command may have any number of [tasks][dev.ringshot.model.UringCmd#inTask] queued; on Linux,
///   one.
/// - A **personality** is a number: what is done under one is what the program itself may do.
/// - A ring registered by a thread (`IORING_REGISTER_RING_FDS`) stays so when the thread ends, and
///   keeps the ring.
/// - **Memory that the kernel keeps** for its program (requests in flight, completions that have no
///   room, messages under way, legacy buffers) is at most 256 MiB, half a million requests or four
///   million completions; beyond, it answers as a memory control group that is full: `-EAGAIN`,
///   `-ENOMEM`, completions lost and counted.
/// - At most 512 workers run at a time, for all rings together; more work waits its turn.
/// - Cancelling what a worker runs says so (`-EALREADY`) and does not interrupt it, as Linux's
///   signal would; SYNC_CANCEL waits for it.
/// - A time later than 292 years from the start never comes.
/// - When a long completion waits in the overflow list of a ring of mixed sizes, short ones wait
///   behind it; Linux 6.18 writes them over its own filler, and its tail runs away.
/// - A selected buffer of 2 GiB or more counts as one byte less than that.
/// - Cancel handlers are called once when a ring goes away, not every 50 ms until the driver obeys.
/// - A driver that touches a selected buffer which the program did not map ends with `-EFAULT`; on
///   Linux it is told so and decides.
/// - A blocking read or write of an eventfd, pipe, socket or device parks the request; no worker
///   waits in it. What Linux can only wait for in a worker ends with `-EAGAIN`: a connect to an
///   `AF_UNIX` listener whose backlog is full, a datagram to a full queue of no peer's.
/// - A worker's completion comes by task work on every ring; Linux posts it at once on those
///   without DEFER_TASKRUN.
/// - **Pipes** have 16 pages for ever, and no packets (`O_DIRECT`, `-EINVAL`).
/// - **Sockets** are `AF_UNIX` and `AF_INET`: streams, datagrams, sequences of packets, TCP and
///   UDP. Their network is the kernel's own and has a loopback device alone: other addresses are
///   `-EADDRNOTAVAIL` or `-ENETUNREACH`. A path of `AF_UNIX` is in no file system; it stays taken,
///   as its file would. A port is free as soon as the socket bound to it is closed; no two share
///   one, whatever SO_REUSEADDR and SO_REUSEPORT say.
/// - TCP arrives at once, and a connection or its refusal is known at once: SIOCOUTQ is 0. A TCP
///   socket holds a mebibyte.
/// - Control data is not sent (`-EOPNOTSUPP`) and never received; out-of-band data and the error
///   queue are not there (`-EOPNOTSUPP`, `-EINVAL` from a stream); MSG_MORE, MSG_DONTROUTE and
///   MSG_CONFIRM mean nothing. SEND refuses IORING_RECVSEND_FIXED_BUF and IORING_SEND_VECTORIZED
///   (`-EINVAL`).
/// - Socket options: of SOL_SOCKET the types, buffers (at most 425984 bytes), error, timestamps and
///   some switches that mean nothing; those of IP and TCP are taken and mean nothing. Timestamps
///   are software ones of what UDP sends, with OPT_TSONLY.
/// - What a bundled receive may pick at first depends on Linux on earlier requests of the ring,
///   whose arrays it uses again; here it is one buffer.
/// - Sockets, pipes and what is done with them were measured on 6.18, and are the same in every
///   release but for `SOCKET_URING_OP_GETSOCKNAME` and TX_TIMESTAMP with a full queue.
/// - Host files of the portable kind: see [dev.ringshot.model.PortableFiles].
@NullMarked
package dev.ringshot.model;

import org.jspecify.annotations.NullMarked;
