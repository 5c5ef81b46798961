/// `ringshot serve`: a disk from a file, from memory or from a program's own code, for programs of
/// this machine and others.
///
/// [dev.ringshot.cli.serve.ServeCommand] reads the command line, `DiskChoice` makes the target,
/// `ServedDisk` owns the threads of a ublk server on the model's driver, and [an NBD
/// server][dev.ringshot.nbd.NbdServer] exports its disk. Everything is closed in the opposite
/// order: what clients were told is done, then is.
///
/// ## Differences from Linux
///
/// The disk is not in `/dev`: it is the model's, and has its users by NBD.
@NullMarked
package dev.ringshot.cli.serve;

import org.jspecify.annotations.NullMarked;
