/// The reference device: a driver whose every move a program decides, so that one set of cases can
/// be run against any kernel that has it. [dev.ringshot.conformance.device.ReferenceDevice] is it
/// for the model; what follows is its whole ABI, to be implemented for Linux with nothing but
/// `io_uring_cmd_buffer_select`, `io_uring_mshot_cmd_post_cqe`, `io_uring_cmd_done`,
/// `io_uring_cmd_done32`, `io_uring_cmd_mark_cancelable`, `io_uring_cmd_complete_in_task`, an
/// hrtimer and a workqueue. Names and numbers are in [dev.ringshot.conformance.device.Ref]. All
/// numbers are in native byte order; whatever is reserved must be 0.
///
/// ## Files
///
/// `/dev/ringshot-ref` has no `->poll`; `/dev/ringshot-ref-poll` is the same with one, which says
/// `EPOLLIN|EPOLLOUT` always. **Every open(2) makes a device of its own**: two queues, numbered 0
/// and 1, the commands armed on them, counters and a log. It lives until the last descriptor of
/// that open file and the last command on it are gone.
///
/// ## Events
///
/// What the device does is a list of events of 16 bytes:
///
/// ```c
/// struct ref_event {
///   __u8  op;      // REF_POST, REF_END
///   __u8  queue;   // 0 or 1
///   __u16 group;   // with REF_F_GROUP
///   __u32 flags;   // REF_F_*
///   __u32 length;  // asked of the buffer selection; with REF_F_RES2 the second result
///   __s32 value;
/// };
/// ```
///
/// A list is 0 to 256 of them at `addr`, `len` bytes. A length that is no multiple of 16 or more
/// than 4096, an unknown op or flag, a queue above 1: `-EINVAL`. Memory that cannot be read:
/// `-EFAULT`.
///
/// **REF_POST**, carried out for a command, in its ring's context:
/// 1. Unless `REF_F_NO_SELECT`, a buffer is selected, of the SQE's group, or of `group` with
///    `REF_F_GROUP`, asking for `length` bytes (0: all). Logged: `REF_L_SELECT` with the length got
///    or `-errno`; no buffer is `-ENOBUFS`. With `REF_F_TWICE`, and if that gave a buffer, once
///    more, the same way, only for the log.
/// 2. Without a buffer a multishot command ends with that `-errno`.
/// 3. `v` is `value`, but at most the length selected. If there is a buffer and `v > 0`, its first
///    `v` bytes are filled with the event's *word*, repeated: a `__u64`, `queue << 56 | number`,
///    the number counting the events raised on that queue of this device from 0. If the program's
///    memory cannot be written, `v` becomes `-EFAULT`.
/// 4. `v` is posted. Logged: `REF_L_POST` with 0 (false: posted, still armed) or 1 (true).
/// 5. After true, with `v > 0` a multishot command ends with `-ENOBUFS`, or with `v` if
///    `REF_F_END_VALUE`; with `v == 0` and `REF_F_KEEP` it stays armed; all else ends with `v`, a
///    command that is not multishot always.
///
/// **REF_END** ends the command with `value`, by `io_uring_cmd_done32` with `length` as its second
/// result if `REF_F_RES2`. With `REF_F_NOW` that happens where the event is raised, not in the
/// ring's context, unless a task of that command is under way, which then does it. Only write(2)
/// and `REF_VIA_THREAD` take `REF_F_NOW`; elsewhere it is `-EINVAL`.
///
/// Ending a command logs `REF_L_END` with the result and takes it off its queue. Logging and
/// counting come before the call that it is about can be seen.
///
/// ## Raising events
///
/// An event raised on queue *q* goes to the oldest command armed for *q* or for both queues. It
/// joins the events that wait for that command, and a task is sent to the command's ring unless one
/// is under way; the task (counted) carries out what waits, in order, until nothing does. If the
/// command ends before, what still waits is **lost**: counted, and logged as `REF_L_LOST`. So is an
/// event for which no command is armed.
///
/// With `REF_F_RETRY` an event is not lost, unless its command is cancelled on a worker before it
/// was armed: if nobody takes it, or its command ended before it was posted (no buffer, full CQ,
/// `-EFAULT`), it is **kept** at its queue, in order, and handed on when a command is armed for
/// that queue or the next event is raised on it, before that one. (For the command that ends, the
/// event itself counts too.)
///
/// A task that finds its ring gone (`tw.cancel`) logs `REF_L_CLOSING` and ends the command with
/// `-ECANCELED`, without touching memory.
///
/// ## Commands
///
/// `cmd_op` is one of these; any other is `-EOPNOTSUPP`. Their parameters are in the 16 bytes of
/// payload (`sqe->cmd`).
///
/// **REF_ARM**, single shot or multishot, `addr`/`len`: a list.
///
/// ```c
/// struct ref_arm { __u16 cookie; __u8 queue; __u8 resv; __u32 flags; __s32 result; __u32 resv2; };
/// ```
///
/// `queue` is 0, 1 or `REF_BOTH`. `cookie` names the command in the log. In this order: log
/// `REF_L_ISSUE` with `REF_ISSUE_*` bits; with `REF_A_AGAIN` and `IO_URING_F_NONBLOCK`, or with
/// `REF_A_AGAIN_ALWAYS`, return `-EAGAIN`; check and read everything; with `REF_A_CANCELABLE` mark
/// the command cancelable. Then the list's events are raised (numbered on queue `queue`, 0 for
/// both; their own `queue` is ignored) and carried out at once, in the call itself, until the
/// command has ended; if the call is on a worker (`IO_URING_F_UNLOCKED`), by a task once it is
/// armed. A command not ended by then is armed; or, with `REF_A_RETURN`, the call returns `result`
/// (not with a list on a worker, and not `-EIOCBQUEUED`, which nobody would ever complete:
/// `-EINVAL`) and is not cancelable meanwhile. Else it returns `-EIOCBQUEUED`.
///
/// **REF_TRIGGER**, single shot, `addr`/`len`: a list.
///
/// ```c
/// struct ref_trigger { __u8 via; __u8 resv[3]; __u32 repeat; __u32 period_us; __u32 resv2; };
/// ```
///
/// Raises the list's events, `repeat` times over (0 means once; more than 65536 events in all:
/// `-EINVAL`). `REF_VIA_CALL`: in this call. `REF_VIA_TIMER`: from a timer, one every `period_us`.
/// `REF_VIA_THREAD`: from another thread, one after the other. The result is how many events were
/// not lost when raised; by timer and thread the command is parked until all are raised, then
/// completed by a task of its own; it cannot be cancelled.
///
/// **REF_STATUS**, single shot, copies a `struct ref_status` to `addr` and returns 0; `len` less
/// than its 64 bytes is `-EINVAL`.
///
/// ```c
/// struct ref_status {
///   __u32 armed;     // commands armed
///   __u32 kept;      // events kept
///   __u64 raised, posted, lost;
///   __u64 tasks;     // tasks run
///   __u64 cancels;   // calls with IO_URING_F_CANCEL
///   __u64 ended;     // commands of REF_ARM ended with io_uring_cmd_done
///   __u64 log_lost;  // log entries that found the log full
/// };
/// ```
///
/// **REF_DESCRIBE**, single shot, copies what a driver is told to `addr` and returns 0.
///
/// ```c
/// struct ref_describe_in { __u32 flags; __u8 any[12]; };  // REF_A_AGAIN, REF_A_AGAIN_ALWAYS
/// struct ref_describe {
///   __u32 issue;          // REF_ISSUE_*
///   __u32 payload_bytes;  // 16 or 80
///   __u32 len;            // sqe->len
///   __u32 resv;
///   __u8  payload[80];    // the rest is 0
/// };
/// ```
///
/// **IO_URING_F_CANCEL** (not a command of the program's): counted, logged as `REF_L_CANCEL`; the
/// command ends with `-ECANCELED`, unless a task of it is under way, which does that. Linux may ask
/// again, and again, until the task has run.
///
/// ## read and write
///
/// write(2) takes a list and raises its events in the call (as `REF_VIA_CALL`); its result is the
/// bytes written. read(2) takes as many whole entries of the log as fit and never blocks: 0 if it
/// is empty, `-EINVAL` for less than 8 bytes. The log holds 8192.
///
/// ```c
/// struct ref_log { __u8 what; __u8 queue; __u16 cookie; __s32 value; };  // REF_L_*
/// ```
///
/// `queue` is the command's, as armed; for `REF_L_LOST` it is the event's, cookie 0, and value the
/// low bits of the event's number.
@NullMarked
package dev.ringshot.conformance.device;

import org.jspecify.annotations.NullMarked;
