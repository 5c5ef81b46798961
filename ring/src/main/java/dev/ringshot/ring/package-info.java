/// A client of one io_uring, see io_uring(7): prepare requests, run the ring, and handlers hear how
/// they went.
///
/// # Synopsis
///
/// ```java
/// try (var ring = Ring.open(kernel, 64);
///     var device = ring.openFile("/dev/ticker").multishot(SUBSCRIBE);
///     var buffers = ring.provideBuffers(128, 64)) {
///   var ticks = buffers.onEvent((buffer, offset, length) -> use(buffer.get(JAVA_LONG, offset)));
///   ring.prepare(ticks).uringCmdMultishot(device.fd(), SUBSCRIBE, buffers.group());
///   ring.run(Duration.ofSeconds(1)); // handlers run here, on this thread
///   ring.cancel(ticks);
///   ring.run(); // until nothing is in flight
/// }
/// ```
///
/// # Description
///
/// [Ring#prepare(CqeHandler)] takes a handler and returns a cursor over the next submission queue
/// entry, whose verbs (one per opcode, named as in liburing) say what to do. [Ring#run()] submits,
/// waits and dispatches; [Ring#submit], [Ring#submitAndWait] and [Ring#dispatch] are its parts. The
/// kernel is whichever [dev.ringshot.abi.Kernel] the ring was opened on. Memory that requests point
/// to comes from [Ring#allocate].
///
/// **Lifetime.** A handler is called until and including the completion without
/// `IORING_CQE_F_MORE`; then the ring has forgotten the request. One shot is the case where the
/// first is the last. Until then the request owns what it points to, whatever was cancelled. A
/// `user_data` holds a slot and its generation, so a completion for a request that has ended is
/// recognised and goes to [Ring#onStray].
///
/// **Multishot.** A [BufferRing] provides buffers; [BufferRing#onEvent] makes a [Subscription], to
/// be prepared like a handler. Each event's buffer is lent to the [EventHandler] and goes back on
/// return. How a request ended, an [EndHandler] hears as an [End]. After an end nothing more comes
/// until it is re-armed, by [Subscription#rearm] or, when more may come,
/// [Subscription#rearmAutomatically]; [Subscription#rearms] counts. A re-arm waits until all
/// completions at hand are handled and lost buffers are found, and until there is a buffer: it
/// cannot spin.
///
/// **Bundles.** With `IORING_RECVSEND_BUNDLE` ([dev.ringshot.abi.Sqe#recvBundle],
/// [dev.ringshot.abi.Sqe#recvMultishotBundle], [dev.ringshot.abi.Sqe#sendBundle]) one completion
/// brings several buffers. The handler gets them one after another, each with its part and lent for
/// itself; a [BundleHandler] hears where an event ends. A bundle that may use its group's last
/// buffer is the last of its request, so a multishot one ends often:
/// [Subscription#rearmAutomatically]. What a send takes the program fills first, in [SendBuffers].
///
/// **Full completion queue.** It ends multishot requests, and of commands it can use a buffer up
/// that no completion names; the buffer is found and given back ([BufferRing#recovered]). Neither
/// happens with at least as many completion entries as buffers and other requests in flight.
///
/// **Chains.** [dev.ringshot.abi.Sqe#link] starts the next request prepared when this one has
/// succeeded, and ends it with `-ECANCELED` otherwise; [dev.ringshot.abi.Sqe#hardlink] starts it
/// either way. What is linked to a multishot request starts after that request's last completion;
/// re-arms are not in the chain. [Ring#limit] cancels a request that takes too long.
///
/// **Registered buffers.** [Ring#registerBuffers] has the kernel look up and pin memory once, for
/// [dev.ringshot.abi.Sqe#readFixed] and [dev.ringshot.abi.Sqe#writeFixed]; a ring has one set.
///
/// **Commands.** [dev.ringshot.abi.Sqe#uringCmdMultishot] works for a command that
/// [RingFile#multishot] has declared: on Linux 6.18 a driver that does not know the flag never
/// completes it, and nothing can cancel it. Others are refused before they are submitted.
///
/// **Cancel.** [Ring#cancel(long)] asks the kernel, and [CancelOutcome] says what it could do. A
/// command parked in a driver it cannot reach, on Linux as on the model; the ring then lets go of
/// it, [End.Detached]. What ends one is a command of its driver's own, [Ring#close], or the end of
/// the thread.
///
/// **Threads.** A ring belongs to the thread that opened it, a platform thread; on others its
/// methods throw `EEXIST`. [Ring#wake] may be called from any. The ring's part in a program's
/// determinism: it has no clock, lock, thread or random number, and waits nowhere but in
/// io_uring_enter(2).
///
/// **Memory.** A completion and an event take no byte of the heap. Slots for requests in flight
/// grow to the most there were.
///
/// # Errors
///
/// What a request comes to, its handler hears (`-errno`), or its [End] tells. A call that the
/// kernel refuses throws [dev.ringshot.abi.ErrnoException]:
///
/// | errno | of | meaning |
/// |---|---|---|
/// | `EPERM`, `ENOSYS`, `ENOMEM`, `EINVAL` | [Ring#open(Kernel, RingOptions)] | io_uring is off, missing, short of memory, older than what was asked for |
/// | `EEXIST` | all but [Ring#wake] | another thread |
/// | `EAGAIN`, `EBUSY` | [Ring#submit], [Ring#run()] | the kernel took nothing though asked [Ring#REFUSALS_MAX] times; fewer refusals are repeated |
/// | `EBADR` | [Ring#run()], [Ring#dispatch] | completions were lost for want of memory; nobody knows whose. Close the ring |
///
/// `EINTR` is not seen: the call is repeated. A completion queue that overflows is flushed; nothing
/// is lost. A wrong call throws [IllegalStateException] or [IllegalArgumentException] and leaves
/// the ring as it was. What a handler throws comes out of [Ring#dispatch] or [Ring#run()]: its
/// completion is done with, its buffer is back, and those after it are still there.
///
/// # Differences from Linux
///
/// Of what a ring can do on Linux, this client leaves out or narrows:
///
/// - `IORING_SETUP_SQPOLL`, `IOPOLL`, `R_DISABLED`, `NO_MMAP`, `REGISTERED_FD_ONLY`, `SQE_MIXED`,
///   `SQ_REWIND` and `ATTACH_WQ` are refused by [RingOptions].
/// - `IOSQE_CQE_SKIP_SUCCESS` is refused: a handler would never hear its end.
/// - A bundled receive with `MSG_WAITALL` or `MSG_TRUNC` is refused: its result does not tell how
///   much is in which buffer. While one is armed, buffers of its group that other requests have
///   used up without saying so are not looked for: it may hold some itself.
/// - Buffers of a [BufferRing] come only to a [Subscription], and a subscription has one request in
///   flight. Groups of classic provided buffers (`IORING_OP_PROVIDE_BUFFERS`) are the caller's own.
/// - An incremental group is for multishot requests, bundled or not. Where receives and commands
///   share one, or requests of one shot overlap in one, a completion does not say where its bytes
///   are, and nothing else does. Without `IORING_SETUP_DEFER_TASKRUN` that is so too while a
///   completion queue is full.
/// - A chain of linked requests is submitted as a whole or not at all. It has to fit into the queue
///   ([Ring#makeRoom]); nothing is submitted, cancelled or re-armed in its middle; if one of its
///   requests is refused, all of it is dropped.
/// - `IOSQE_IO_DRAIN` is refused: it would hold back cancels and the end of [Ring#run(Duration)].
///
/// # Differences from liburing
///
/// - `user_data` is the ring's, and no entry has to be zeroed or counted.
/// - There is no `io_uring_wait_cqe_timeout`: [Ring#run(Duration)] is a timeout request.
/// - A full submission queue submits instead of returning no entry.
/// - The completion queue has four times the submission queue's entries by default, not twice,
///   since one multishot request has many completions.
///
/// # See also
///
/// io_uring_setup(2), io_uring_enter(2), io_uring_register(2), io_uring_multishot(7),
/// io_uring_provided_buffers(7), [dev.ringshot.abi.Sqe]
@NullMarked
package dev.ringshot.ring;

import org.jspecify.annotations.NullMarked;
