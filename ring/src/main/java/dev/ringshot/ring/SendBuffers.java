package dev.ringshot.ring;

import java.lang.foreign.MemorySegment;

/// A group of buffers to send from: the program fills one after the other, and the kernel sends
/// what is filled, in this order.
///
/// ```java
/// var sent = out.onEvent((buffer, offset, length) -> {}).rearmAutomatically();
/// ring.prepare(sent).sendBundle(socket.fd(), 0, 0, out.group());
/// …
/// int bid = out.take();
/// out.buffer(bid).setUtf8String(0, "hello");
/// out.provide(bid, 5);
/// ```
///
/// A send takes buffers when it starts ([dev.ringshot.abi.Sqe#sendBundle] as many as are filled; a
/// SEND with buffer select one) and ends when there are none; with
/// [Subscription#rearmAutomatically] it goes on at the next [#provide]. Its events tell what was
/// sent; each buffer is free again on return, unless it is kept. What a failed or cancelled send
/// had taken is not sent again, and is free as well ([#recovered]).
public final class SendBuffers implements AutoCloseable {
  private final BufferRing buffers;
  private final FreeBuffers free;

  SendBuffers(BufferRing buffers, FreeBuffers free) {
    this.buffers = buffers;
    this.free = free;
  }

  /// Its id in the ring, `buf_group` of a submission.
  public int group() {
    return buffers.group();
  }

  /// As [BufferRing#onEvent(EventHandler)]: hears what was sent.
  public Subscription onEvent(EventHandler handler) {
    return buffers.onEvent(handler);
  }

  /// As [BufferRing#onEvent(BundleHandler)]: hears what was sent.
  public Subscription onEvent(BundleHandler handler) {
    return buffers.onEvent(handler);
  }

  /// Takes a buffer to fill, the caller's until [#provide] or [#giveBack].
  ///
  /// @return its id, or -1 while all are filled or taken
  /// @throws IllegalStateException after [#close]
  public int take() {
    if (!buffers.isOpen()) throw new IllegalStateException("group " + group() + " is closed");
    int bid = free.take();
    if (bid >= 0) buffers.keep(bid);
    return bid;
  }

  /// The whole buffer.
  ///
  /// @param bid what [#take] or [#keep] returned
  public MemorySegment buffer(int bid) {
    return buffers.buffer(bid);
  }

  /// Lets the kernel have a filled buffer, behind those before it.
  ///
  /// @param bid what [#take] or [#keep] returned
  /// @param length bytes to send, from the buffer's begin: 1 … its size
  /// @throws IllegalStateException if the buffer is not the caller's, once
  public void provide(int bid, int length) {
    buffers.provide(bid, length);
  }

  /// From an event handler: the buffer of its event stays the caller's, as [BufferRing#keep].
  public int keep() {
    return buffers.keep();
  }

  /// Ends one [#take] or [#keep] without sending.
  ///
  /// @throws IllegalStateException if the buffer is not the caller's
  public void giveBack(int bid) {
    buffers.giveBack(bid);
  }

  /// Buffers that were filled and not sent yet, as far as completions were handled.
  public int filled() {
    return buffers.available();
  }

  /// Buffers that are the caller's.
  public int kept() {
    return buffers.kept();
  }

  /// Buffers that a send had taken and no completion named, and that are free again.
  public long recovered() {
    return buffers.recovered();
  }

  /// As [BufferRing#close].
  @Override
  public void close() {
    buffers.close();
  }
}
