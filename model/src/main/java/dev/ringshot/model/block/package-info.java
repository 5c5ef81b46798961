/// The block layer's side of a disk: what a block driver of the model offers, and what reads and
/// writes it (file systems and page caches on Linux, network exports here).
///
/// [dev.ringshot.model.block.BlockDevice] takes [requests][dev.ringshot.model.block.Bio] from any
/// thread; how long, and what it can do, say its [limits][dev.ringshot.model.block.QueueLimits].
///
/// ## Differences from Linux
///
/// There is no page cache, no merging of requests and no scheduler between a caller and a device:
/// what is submitted arrives as it is, or split.
@org.jspecify.annotations.NullMarked
package dev.ringshot.model.block;
