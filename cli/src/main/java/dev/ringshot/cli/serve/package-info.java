/// `ringshot serve`: a disk from a file, from memory or from a program's own code, for programs of
/// this machine and others.
///
/// [dev.ringshot.cli.serve.ServeCommand] reads the command line, `DiskChoice` makes the target,
/// `DriverChoice` says on which ublk driver: Linux's, or the model's. `ServedDisk` owns the threads
/// of the server, and `Access` is how users get at the disk: `/dev/ublkbN`, or [an NBD
/// server][dev.ringshot.nbd.NbdServer] that exports it. Everything is closed in the opposite order:
/// what users were told is done, then is.
///
/// ## Differences from Linux
///
/// The model's disk is not in `/dev`, and has its users by NBD.
@NullMarked
package dev.ringshot.cli.serve;

import org.jspecify.annotations.NullMarked;
