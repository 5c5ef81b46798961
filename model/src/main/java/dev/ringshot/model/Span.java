package dev.ringshot.model;

import static dev.ringshot.abi.Errno.EFAULT;

/// How a read or write names its memory.
enum Span {
  /// By address and length.
  RANGE,
  /// By an array of `struct iovec`.
  VECTOR,
  /// By address and length within a registered buffer.
  FIXED;

  /// What prep does with it (`io_import_rw_buffer`).
  ///
  /// @return 0 or `-errno`
  int prep(Request request) {
    return switch (this) {
      case RANGE -> {
        if (request.selectsBuffer()) yield request.transfer().keepLength(request.len());
        yield UserMemory.isUserRange(request.addr(), ReadOp.length(request)) ? 0 : -EFAULT;
      }
      case VECTOR ->
          request.selectsBuffer()
              ? request.transfer().keepLength(request.addr(), request.len())
              : request.transfer().keepVector(request.addr(), request.len());
      case FIXED -> 0;
    };
  }

  /// Points a request's transfer to it.
  ///
  /// @param reading whether bytes will go there
  /// @return 0, or `-EFAULT` where a registered buffer is not there or too small
  int open(Request request, boolean reading) {
    var transfer = request.transfer();
    switch (this) {
      case RANGE -> transfer.range(request.addr(), ReadOp.length(request));
      case VECTOR -> transfer.rewind();
      case FIXED -> {
        var buffer = request.registeredBuffer();
        long length = Integer.toUnsignedLong(request.len());
        if (buffer == null || !buffer.admits(request.addr(), length, reading)) return -EFAULT;
        transfer.within(buffer.memory, request.addr(), (int) length);
      }
    }
    return 0;
  }
}
