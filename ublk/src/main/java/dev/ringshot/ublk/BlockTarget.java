package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;

/// What a disk does: the part of a server that is the user's to write. Required is a [#size] and
/// what becomes of a request, [#submit].
///
/// How requests travel (copied, fetched in batches or one by one) is the server's and not seen
/// here. A target serves all queues of a device, each on a thread of its own: what queues share is
/// the target's to guard; what belongs to one queue or one tag goes into arrays made in [#open].
public interface BlockTarget extends AutoCloseable {
  /// Bytes of the disk, whole logical blocks. Asked once, when the device is added.
  long size();

  /// Takes a request, on the thread of its queue: it must not block. It is over when
  /// [BlockRequest#complete] is called, here or later, on this thread or any other; or, since a
  /// request is a handler, when an operation of `ring` completes that was prepared for it:
  ///
  /// ```java
  /// request.readFrom(ring, fd, request.offset());
  /// ```
  ///
  /// What this throws ends the request with `EIO` and is counted; the disk goes on.
  ///
  /// @param request its object is used again after it is over: to be forgotten then
  /// @param ring the queue's own; what is prepared is submitted when this returns, with all else
  void submit(BlockRequest request, Ring ring);

  /// What the disk can do, and what its requests look like. Asked once, when the device is added.
  default BlockLimits limits() {
    return BlockLimits.DEFAULT;
  }

  /// Whether it serves requests without seeing their data, which is in a registered buffer of the
  /// queue's ring ([BlockRequest#isRegistered]), as [DataMode#ZERO_COPY] wants.
  default boolean takesRegisteredBuffers() {
    return false;
  }

  /// The device is about to serve; on the server's thread, before any [#attach]. Again for a device
  /// that was recovered.
  ///
  /// @param queues how many
  /// @param depth most requests of a queue at a time, each with a [BlockRequest#tag] below
  default void open(int queues, int depth) {}

  /// A queue is about to serve; on its own thread.
  ///
  /// @param queue which, from 0
  /// @param ring its ring, on which the target may prepare what it likes from now on
  default void attach(int queue, Ring ring) {}

  /// Lets go of what the target holds. The server does not call this: whoever made the target does,
  /// when the server has ended.
  @Override
  default void close() {}
}
