/// `ringshot ublk`: the devices of Linux's own ublk driver, with the names and options that users
/// of the `ublk` command know.
///
/// [dev.ringshot.cli.ublk.UblkCommand] sends control commands and prints what they answer;
/// [dev.ringshot.cli.serve.AddCommand] and [dev.ringshot.cli.serve.RecoverCommand] serve a device.
///
/// ## Differences from Linux
///
/// A server stays in the foreground: there is no daemon and no state on disk, so `recover` has to
/// be told the disk again.
@NullMarked
package dev.ringshot.cli.ublk;

import org.jspecify.annotations.NullMarked;
