/// A block-device server over ublk: a disk of the system's whose requests a program serves.
///
/// # Synopsis
///
/// ```java
/// var server = new UblkServer(kernel, new MemTarget(1 << 30), ServerOptions.of(pid));
/// while (server.stepAll()) {} // or server.await(), and a thread for each of server.queues()
/// ```
///
/// # Description
///
/// What a disk does is a [BlockTarget]: a size, and what becomes of a [BlockRequest]. Some are in
/// [dev.ringshot.ublk.target]. A [UblkServer] adds a device to the driver, has its [UblkQueue]s
/// made ready and starts it: then there is `/dev/ublkbN`. A queue has a ring, on which requests
/// come, the target works and results go. [UblkControl] has the driver's control commands, on a
/// ring of its own, for these is one that blocks in the kernel, `START_DEV`, until every tag of
/// every queue was made ready by another ring.
///
/// **Time and threads.** Every part is a state machine of the thread that uses it, and goes on when
/// `step` is called; `await` is the same and waits, in io_uring_enter(2) of its ring and nowhere
/// else. So a device is added, used, killed and recovered on one thread in virtual time, and a
/// command gives each queue a thread. There is no thread, clock, lock or random number here; a
/// clock for latencies is handed in ([ServerOptions#nanoTime]). From other threads come
/// [UblkServer#stop], [UblkQueue#leave] and the completions of requests.
///
/// **Requests.** A request is a handler: what is prepared for it on the queue's ring completes it.
/// Other threads complete it too; the queue hears of that through a list of the requests
/// themselves, which is bounded by their number, and is woken only if it waits. Each tag has two
/// objects, used in turn: that a target completes one twice is seen even when the tag is in use
/// again. Nothing is allocated for a request.
///
/// **Batches.** With `UBLK_F_BATCH_IO` (Linux 7.0) two multishot commands fetch for each queue, and
/// tags come many in a completion. Everything that has completed in a step goes back by one
/// command; what the driver leaves over, since it takes elements up to the first that it does not
/// like, is sent again without that one. A command that fetches ends when its buffers are used up
/// or its completion has no room. The tags stay with the driver, but it does not turn to the other
/// command before something new happens, so each is armed again whenever it ends. They are armed
/// after the tags were made ready, and not before: of a device that is recovered the driver would
/// end them. Without batches there is a command for each tag. What the driver offers is asked for,
/// never guessed, [FetchMode#AUTO] takes the best of it, and no target can tell.
///
/// **Full completion queue.** It has room for eight operations of a target for each tag, and for
/// everything of the queue's own. Should it overflow, a fetch command ends, bytes of its buffer are
/// used up that no completion names, the ring finds them, and the command is armed again.
///
/// **Honesty.** A target's [BlockLimits] are the disk's. A write cache says that only a flush makes
/// writes safe, and the flush is over when the target says so; without one, none is sent. Results
/// are checked before the driver, which believes everything, is told: too many bytes or no errno
/// are `EIO`, a short result is cut to whole blocks and its rest comes again, and nothing at all is
/// `EIO`.
///
/// **Stop.** `STOP_DEV` waits for requests, and a target may never end one: after
/// [ServerOptions#grace] those are failed, and a tag whose memory a target may still write to is
/// not used again. A queue has ended when its fetch commands have ended with `ENODEV` and all
/// results were taken; it does so as well when somebody else stops the device.
///
/// **Death.** A server that is closed, or a process that ends, leaves its device to the driver.
/// [Recovery] says what becomes of it; [UblkServer#recover] takes it over, as soon as the old
/// server's rings are gone. If a process is killed while the driver has a batch on its way to it,
/// Linux 7.3.4 copies tags, and what is to be written, in a kernel thread, which has no user
/// memory: stock kernels fail the copy, as long as no other process's memory is at its address
/// there, and user-mode Linux panics. That is so with each [DataMode], for the tags are copied in
/// all of them, and with and without recovery. So a device that is to outlive its server is served
/// per tag unless [FetchMode#BATCH] is asked for; one that is not, and whose server may be killed,
/// is safer with [FetchMode#PER_TAG].
///
/// # Errors
///
/// A control command that fails tells the rule that was broken and what to do, as an
/// [dev.ringshot.abi.ErrnoException]: `START_USER_RECOVERY: EINVAL: device 0 was added without
/// USER_RECOVERY`. [UblkServer#failure] is what ended a server. While `START_DEV` waits,
/// [UblkServer#describe] says for what: `queue 1 has 127 of 128 tags ready`. What a target does
/// wrong, [Troubles] hears and [QueueStatistics] counts; it fails one request and nothing else.
///
/// # Differences from Linux
///
/// Of what a ublk server can do, this one leaves out:
///
/// - buffers that the server registers itself (`SUPPORT_ZERO_COPY` without `AUTO_BUF_REG`,
///   `SHMEM_ZC`), `NEED_GET_DATA`, zoned devices, integrity data, larger descriptors;
/// - more than one thread for a queue.
///
/// # See also
///
/// `Documentation/block/ublk.rst` of Linux, [dev.ringshot.abi.ublk.Ublk], [dev.ringshot.ring]
@NullMarked
package dev.ringshot.ublk;

import org.jspecify.annotations.NullMarked;
