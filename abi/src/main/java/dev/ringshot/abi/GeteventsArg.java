package dev.ringshot.abi;

/// `struct io_uring_getevents_arg`: what io_uring_enter(2) takes with `IORING_ENTER_EXT_ARG`.
public final class GeteventsArg {
  /// Offset of `sigmask` (8 bytes): address of the signals to block while waiting, or 0.
  public static final int SIGMASK = 0;

  /// Offset of `sigmask_sz` (4 bytes): size of that mask in bytes.
  public static final int SIGMASK_SZ = 8;

  /// Offset of `min_wait_usec` (4 bytes): microseconds after which one completion is enough, or 0.
  public static final int MIN_WAIT_USEC = 12;

  /// Offset of `ts` (8 bytes): address of a [Timespec], or 0 to wait for ever.
  public static final int TS = 16;

  /// Size of `struct io_uring_getevents_arg` in bytes.
  public static final int SIZE = 24;

  private GeteventsArg() {}
}
