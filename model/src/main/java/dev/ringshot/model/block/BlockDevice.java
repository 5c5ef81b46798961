package dev.ringshot.model.block;

/// A disk, as the rest of the kernel sees it (`struct gendisk`): what a block driver of the model
/// gives to those who read and write it.
public interface BlockDevice {
  /// Its name without a folder, `ublkb0`.
  String name();

  /// Its size in bytes; changes when the disk is resized.
  long capacity();

  /// What its requests must look like, and what it can do.
  QueueLimits limits();

  /// Takes a request, from any thread, of any length: the device splits what is longer than
  /// [QueueLimits#maxTransfer]. Requests of one thread are queued in the order of the calls and may
  /// complete in any order, also before this returns.
  ///
  /// Nothing throws because of what is asked: a range that is not whole logical blocks is `EINVAL`,
  /// one beyond the end, or any of a disk that is gone, is `EIO`, what the disk cannot do is
  /// `EOPNOTSUPP`, a write to a read-only disk is `EPERM`; all by [Bio#end].
  void submit(Bio bio);
}
