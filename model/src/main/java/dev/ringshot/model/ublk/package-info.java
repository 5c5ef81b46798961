/// ublk's kernel side: block devices that a program serves.
///
/// [dev.ringshot.model.ublk.UblkDriver] adds `/dev/ublk-control` to a model. By it a program adds a
/// device, opens its `/dev/ublkcN`, shows what it has for each tag, and starts the device: then
/// there is a [disk][dev.ringshot.model.ublk.UblkDisk], which any number of threads may use, and
/// whose requests the program gets as completions: one for each tag, or by multishot commands as
/// many at a time as a provided buffer takes. Commands, structures and numbers are
/// [dev.ringshot.abi.ublk]'s; what is offered depends on the [dev.ringshot.model.Release]. The
/// driver is written with the public driver API alone.
///
/// ## How it is laid out
///
/// `ControlFile` reads control commands, `UblkDevice` is the state machine behind them: nothing in
/// it blocks a thread, who must wait takes a `Turn` or is called back. `CharFile` is the server's
/// file, `BatchCommands` and `TagCommands` are its two protocols, `UserCopy` its reads and writes.
/// A `UblkQueue` has the `Tag`s of one queue, the requests that wait for one and their way to the
/// server and back; its `DataPath` moves their data; `Fetches` are its multishot commands.
/// `UblkDisk` splits bios into `DiskRequest`s; `BioProgress` counts them.
///
/// Locks are taken in this order: a ring's, a device's monitor, a queue's. Bios end with none of
/// the driver's own held.
///
/// ## Differences from Linux
///
/// - **Not there**: zones, integrity data and shared memory (`UBLK_F_ZONED`, `UBLK_F_INTEGRITY`,
///   `UBLK_F_SHMEM_ZC` are cleared when a device is added, their parameters `-EINVAL`, REG_BUF and
///   UNREG_BUF `-EOPNOTSUPP`); unprivileged devices: every program is root's, and for root Linux
///   clears the flag.
/// - There is no block layer in between: requests are not merged or sorted, a request that is
///   issued again keeps its tag, tags are given out lowest first, and partitions are never looked
///   for.
/// - The machine has 64 CPUs; a thread's requests go to the queue of its number among the threads
///   that submit some.
/// - The server's process is the one that runs the model.
/// - A control command that waits is parked, not in a worker: cancelling it does not find it.
/// - A command for many tags that a worker issues is taken by task work, as Linux does with those
///   for one tag.
/// - The one fetch that is about to hand out tags when a device stops ends as the others do; Linux
///   leaves it until its ring ends.
/// - QUIESCE_DEV never waits.
/// - An odd `struct ublk_auto_buf_reg` in COMMIT_AND_FETCH_REQ is refused before the commit, not
///   after it.
/// - GET_DEV_INFO2 knows the paths of the model's devices alone: another file is `-ENOENT`.
/// - What was measured on 7.3 is the same in every release, but for the features they offer.
@NullMarked
package dev.ringshot.model.ublk;

import org.jspecify.annotations.NullMarked;
