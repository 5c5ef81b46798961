package dev.ringshot.abi;

/// `struct io_uring_clock_register`: what `IORING_REGISTER_CLOCK` takes.
public final class ClockRegister {
  /// Offset of `clockid` (4 bytes): a clock of clock_gettime(2).
  public static final int CLOCKID = 0;

  /// Size of `struct io_uring_clock_register` in bytes.
  public static final int SIZE = 16;

  private ClockRegister() {}
}
