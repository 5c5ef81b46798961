/// `ringshot ublk`: the devices of Linux's own ublk driver, with the names and options that users
/// of the `ublk` command know.
///
/// [dev.ringshot.cli.ublk.UblkCommand] sends control commands and prints what they answer;
/// [dev.ringshot.cli.serve.AddCommand] and [dev.ringshot.cli.serve.RecoverCommand] serve a device.
///
/// Without `-F` a server is a daemon: `scripts/daemon.bash` starts it. What it serves it leaves in
/// the run folder, a [dev.ringshot.cli.serve.ServerState], for `list` and `recover`.
@NullMarked
package dev.ringshot.cli.ublk;

import org.jspecify.annotations.NullMarked;
