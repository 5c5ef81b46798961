package dev.ringshot.conformance.differ;

import java.util.List;

/// What a program does at a time. After each step everything happens that can happen by itself, and
/// what the program can see then is compared.
public sealed interface Step {
  /// Fills in SQEs, publishes them, and enters to submit them.
  ///
  /// @param flags of io_uring_enter
  record Submit(List<Entry> entries, int flags) implements Step {}

  /// io_uring_enter with any arguments.
  record Enter(int toSubmit, int minComplete, int flags, Operand arg, long size) implements Step {}

  /// io_uring_register.
  record Register(int opcode, Operand arg, int count) implements Step {}

  /// `IORING_REGISTER_PBUF_RING` of group `id`.
  ///
  /// @param flags `IOU_PBUF_RING_*`
  record AddGroup(int id, int entries, int flags, int minLeft) implements Step {}

  /// Gives buffers to a group: `count` of `length` bytes, the first at `offset` of the data.
  record Provide(int group, int firstBid, int count, int offset, int length) implements Step {}

  /// `IORING_REGISTER_PBUF_STATUS` of a group.
  record Head(int group) implements Step {}

  /// Publishes the head of the CQ: as if that many CQE slots, or all that were seen, were taken.
  record Reap(int slots) implements Step {}

  /// write(2) by the program itself, of a few bytes; never blocks.
  record Write(int file, int end, int length) implements Step {}

  /// read(2) by the program itself; never blocks.
  record Read(int file, int end, int length) implements Step {}

  /// close(2).
  record Close(int file, int end) implements Step {}

  /// shutdown(2) of a socket.
  record Shutdown(int file, int end, int how) implements Step {}

  /// Connects a new socket to a listener.
  record Connect(int listener) implements Step {}

  /// Writes the CQ's flags.
  record CqFlags(int flags) implements Step {}

  /// Writes an entry of the SQ array.
  record SqArray(int index, int entry) implements Step {}

  /// Raises events of the reference device.
  record Raise(int file, List<Operand.Field> events) implements Step {}
}
