package dev.ringshot.model;

import static dev.ringshot.abi.IoUring.IORING_CQE_BUFFER_SHIFT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUFFER;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;

import org.jspecify.annotations.Nullable;

/// A buffer that a request took from a group and still owes an answer for: used ([#put]) or not
/// ([#recycle]).
final class Selection {
  private enum State {
    NONE,
    /// At the head of a buffer ring, which moves when it is put.
    AT_HEAD,
    /// From a buffer ring whose head has moved already.
    COMMITTED,
    /// Taken off a list of legacy buffers.
    OFF_LIST
  }

  private State state = State.NONE;
  private @Nullable BufferGroup group;
  private long address;
  private int length;
  private int lengthAll;
  private int bufferId;
  private boolean bytesLeft; // of an incremental buffer, after COMMITTED
  private int buffers = 1; // at the head of a ring

  boolean isHeld() {
    return state != State.NONE;
  }

  long address() {
    return address;
  }

  int length() {
    return length;
  }

  int bufferId() {
    return bufferId;
  }

  void atHead(RingBuffers ring, long address, int length, int bufferId) {
    take(State.AT_HEAD, ring, address, length, bufferId);
    buffers = 1;
  }

  /// @param lengthAll the buffer's own length, which it has again when it is put back
  void offList(ListedBuffers list, long address, int length, int lengthAll, int bufferId) {
    take(State.OFF_LIST, list, address, length, bufferId);
    this.lengthAll = lengthAll;
  }

  private void take(State how, BufferGroup from, long address, int length, int bufferId) {
    this.state = how;
    this.group = from;
    this.address = address;
    this.length = length;
    this.bufferId = bufferId;
  }

  /// Moves the head past all that was selected, now: for a request whose ring lock will be released
  /// before it is done.
  void commitNow() {
    if (state != State.AT_HEAD) return;
    bytesLeft = !((RingBuffers) group()).commit(length, 1);
    state = State.COMMITTED;
  }

  /// Uses up `count` bytes now, in `used` buffers, of a request that goes on with what is left of
  /// them.
  void commitPart(int count, int used) {
    if (state != State.AT_HEAD) return;
    var _ = ((RingBuffers) group()).commit(count, used);
    state = State.COMMITTED;
  }

  /// Whether what is used of it says nothing of others: not a bundle of `ranges` buffers at the
  /// head of a ring, nor an incremental one there.
  boolean isOneOfItsOwn(int ranges) {
    return state != State.AT_HEAD || (ranges < 2 && !((RingBuffers) group()).isIncremental());
  }

  /// [#put] of a bundle, of which `used` buffers are used up.
  int put(int count, int used) {
    buffers = used;
    return put(count);
  }

  /// Uses up `count` bytes of the buffer (`io_put_kbuf`).
  ///
  /// @return the CQE flags that tell the program so; 0 if no buffer is held
  int put(int count) {
    if (state == State.NONE) return 0;
    int flags = IORING_CQE_F_BUFFER | bufferId << IORING_CQE_BUFFER_SHIFT;
    if (state == State.AT_HEAD) bytesLeft = !((RingBuffers) group()).commit(count, buffers);
    if (bytesLeft) flags |= IORING_CQE_F_BUF_MORE;
    forget();
    return flags;
  }

  /// Leaves the buffer for the next taker (`io_kbuf_recycle`). One whose head has moved cannot be
  /// left: it stays held.
  void recycle() {
    if (state == State.OFF_LIST) ((ListedBuffers) group()).putBack(address, lengthAll, bufferId);
    if (state != State.COMMITTED) forget();
  }

  /// Leaves a buffer at the head of its ring where it is, while the request waits or because it
  /// failed. One taken off a list stays held.
  void releaseHead() {
    if (state == State.AT_HEAD) forget();
  }

  /// Ends it without use (`io_req_defer_failed`): a buffer that is off its ring or list already is
  /// the program's again.
  ///
  /// @return the CQE flags that tell the program so
  int abandon() {
    releaseHead();
    return put(0);
  }

  void forget() {
    bytesLeft = false;
    state = State.NONE;
    group = null;
  }

  private BufferGroup group() {
    if (group == null) throw new AssertionError("a selection without a group: " + state);
    return group;
  }
}
