/// The `ringshot` command: [dev.ringshot.cli.Main] and its subcommands; `serve` and `ublk` have
/// packages of their own, [dev.ringshot.cli.serve] and [dev.ringshot.cli.ublk].
///
/// It picks the kernel, owns the threads and prints; whatever it does with a ring it does as any
/// program would, through `dev.ringshot.ring`. Standard output carries what was asked for, with
/// `--json` nothing but JSON; everything else goes to standard error, an error as one line. Exit
/// status: 0 done, 1 it failed, 2 wrong use.
///
/// ## Differences from Linux
///
/// None of its own. `events ticker` and `events nic` run on the model, whose differences are listed
/// there; `probe` shows the two kernels side by side.
@NullMarked
package dev.ringshot.cli;

import org.jspecify.annotations.NullMarked;
