/// What a ublk server and the ublk driver say to each other: `<linux/ublk_cmd.h>` of Linux 7.3.
///
/// A block device is added, started and stopped by control commands: `IORING_OP_URING_CMD` to
/// `/dev/ublk-control` with a 128-byte SQE and a [dev.ringshot.abi.ublk.CtrlCmd]. Its requests are
/// then served over `/dev/ublkcN`: each is a [dev.ringshot.abi.ublk.IoDesc] in a mapped area, one
/// per tag. Requests are fetched and committed tag by tag ([dev.ringshot.abi.ublk.IoCmd]) or, with
/// `UBLK_F_BATCH_IO`, many at a time ([dev.ringshot.abi.ublk.BatchIo]), fetched by one multishot
/// command.
///
/// The constants are in [dev.ringshot.abi.ublk.Ublk]; every other type is one structure: offsets of
/// its fields in bytes, by their C names in capitals, and its size. A part of a structure prefixes
/// its fields: `basic.attrs` is `BASIC_ATTRS`. Numbers are in the machine's byte order.
///
/// Source: `Documentation/block/ublk.rst` of Linux and the header itself.
///
/// ## Differences from Linux
///
/// None: there is no behaviour here, and all values, offsets and sizes are compared with the header
/// by a test. Inline functions of the header are not carried over, but
/// [dev.ringshot.abi.ublk.IoDesc#op].
@NullMarked
package dev.ringshot.abi.ublk;

import org.jspecify.annotations.NullMarked;
