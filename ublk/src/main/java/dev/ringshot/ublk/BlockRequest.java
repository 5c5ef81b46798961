package dev.ringshot.ublk;

import dev.ringshot.abi.Sqe;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.Ring;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// One request to a [BlockTarget].
///
/// It is a handler: an operation prepared for it completes it, with its result. The objects are
/// made when a queue opens and used again and again, so a target keeps none after its end. The
/// first completion counts. A second one is refused and counted, as long as it comes before the
/// object is in use again; each tag has two, used in turn, so that is when the tag has served
/// another request in between. A target that cannot exclude more keeps a state of its own.
///
/// A target that sends requests to other targets makes its own: `new BlockRequest(end)`, then
/// [#begin] for each use.
public final class BlockRequest implements CqeHandler {
  /// Of a write: on stable storage before it completes.
  public static final int FUA = 1;

  /// Of [BlockOp#WRITE_ZEROES]: the range keeps its space.
  public static final int NO_UNMAP = 1 << 1;

  private static final int NONE = -1;
  private static final int OVER = 0;
  private static final int ACTIVE = 1;
  private static final VarHandle STATE;

  static {
    try {
      STATE =
          MethodHandles.lookup()
              .findVarHandle(BlockRequest.class, "state", int.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final RequestEnd end;
  private final int queue;
  private final int tag;

  @SuppressWarnings("UnusedVariable") // by STATE
  private volatile int state = OVER;

  private BlockOp op = BlockOp.FLUSH;
  private int flags;
  private long offset;
  private int length;
  private MemorySegment buffer = MemorySegment.NULL;
  private long bufferOffset;
  private int bufferIndex = NONE;
  private MemorySegment data = MemorySegment.NULL;
  private int result;
  private @Nullable BlockRequest next;

  /// A request of a target's own, not of a tag.
  ///
  /// @param end hears of the end of each use
  public BlockRequest(RequestEnd end) {
    this(end, -1, -1);
  }

  /// A request of a target's own that is one for the same tag as another target's, so that the
  /// target behind it finds what it keeps for each tag.
  ///
  /// @param end hears of the end of each use
  /// @param queue to be its [#queue]
  /// @param tag to be its [#tag]
  public BlockRequest(RequestEnd end, int queue, int tag) {
    this.end = end;
    this.queue = queue;
    this.tag = tag;
  }

  // ---- What is wanted

  /// What to do.
  public BlockOp op() {
    return op;
  }

  /// Where on the disk, in bytes.
  public long offset() {
    return offset;
  }

  /// How much, in bytes; 0 of a flush.
  public int length() {
    return length;
  }

  /// Whether a write is to be on stable storage before it completes. Never of a target whose
  /// [BlockLimits] do not offer it.
  public boolean isFua() {
    return (flags & FUA) != 0;
  }

  /// Whether zeros may be written by giving the range's space back.
  public boolean mayUnmap() {
    return (flags & NO_UNMAP) == 0;
  }

  /// [#FUA] and [#NO_UNMAP].
  public int flags() {
    return flags;
  }

  /// Address of the memory to read into or to write from; [#length] bytes, until the end. Of a
  /// request that [#isRegistered], its place in that buffer, as [Sqe#readFixed] takes it.
  public long address() {
    return buffer.address() + bufferOffset;
  }

  /// Whether its data is in a registered buffer of the queue's ring, [#bufferIndex], and not in
  /// memory: there are [#address] and [#length], and no [#buffer] and [#data]. Only of a target
  /// that [BlockTarget#takesRegisteredBuffers].
  public boolean isRegistered() {
    return bufferIndex != NONE;
  }

  /// Index of the registered buffer; -1 if its data is in memory.
  public int bufferIndex() {
    return bufferIndex;
  }

  /// A segment in which that memory lies, from [#bufferOffset] on.
  public MemorySegment buffer() {
    return buffer;
  }

  /// Where in [#buffer] the request's memory begins.
  public long bufferOffset() {
    return bufferOffset;
  }

  /// That memory as a segment of [#length] bytes. Takes 48 bytes of the heap unless the request
  /// before was as long; [#address], and [#buffer] with [#bufferOffset], take none.
  public MemorySegment data() {
    if (data.byteSize() != length || data.address() != address()) {
      data = buffer.asSlice(bufferOffset, length);
    }
    return data;
  }

  /// Which queue it came from; -1 if from none.
  public int queue() {
    return queue;
  }

  /// Its tag: no two requests of a queue have the same at a time. -1 if it came from none.
  public int tag() {
    return tag;
  }

  // ---- Operations that complete it

  /// Prepares to read its data from a file, wherever that data is; the result completes it. Of a
  /// request that is over, whose memory may be another's, prepares nothing that touches it.
  ///
  /// @param ring the queue's own
  /// @param fileOffset in bytes
  /// @return for what else the operation needs
  public Sqe readFrom(Ring ring, int fd, long fileOffset) {
    Sqe sqe = ring.prepare(this);
    if (!isActive()) sqe.nop();
    else if (isRegistered()) sqe.readFixed(fd, address(), length, fileOffset, bufferIndex);
    else sqe.read(fd, address(), length, fileOffset);
    return sqe;
  }

  /// Prepares to write its data to a file, as [#readFrom].
  ///
  /// @param ring the queue's own
  /// @param fileOffset in bytes
  /// @return for what else the operation needs
  public Sqe writeTo(Ring ring, int fd, long fileOffset) {
    Sqe sqe = ring.prepare(this);
    if (!isActive()) sqe.nop();
    else if (isRegistered()) sqe.writeFixed(fd, address(), length, fileOffset, bufferIndex);
    else sqe.write(fd, address(), length, fileOffset);
    return sqe;
  }

  // ---- A life

  /// Begins a use.
  ///
  /// @param flags [#FUA], [#NO_UNMAP]
  /// @param buffer with the request's memory from `bufferOffset` on
  /// @return this
  /// @throws IllegalStateException if it is not over yet
  public BlockRequest begin(
      BlockOp op, int flags, long offset, int length, MemorySegment buffer, long bufferOffset) {
    return begin(op, flags, offset, length, buffer, bufferOffset, NONE);
  }

  /// As [#begin], of one whose data is in a registered buffer of the ring.
  ///
  /// @param bufferIndex of that
  /// @param bufferOffset where in it
  /// @return this
  /// @throws IllegalStateException if it is not over yet
  public BlockRequest beginRegistered(
      BlockOp op, int flags, long offset, int length, int bufferIndex, long bufferOffset) {
    return begin(op, flags, offset, length, MemorySegment.NULL, bufferOffset, bufferIndex);
  }

  private BlockRequest begin(
      BlockOp op,
      int flags,
      long offset,
      int length,
      MemorySegment buffer,
      long bufferOffset,
      int bufferIndex) {
    if ((int) STATE.getVolatile(this) == ACTIVE) {
      throw new IllegalStateException("in use: " + this);
    }
    this.op = op;
    this.flags = flags;
    this.offset = offset;
    this.length = length;
    this.buffer = buffer;
    this.bufferOffset = bufferOffset;
    this.bufferIndex = bufferIndex;
    STATE.setRelease(this, ACTIVE);
    return this;
  }

  /// Begins a use that wants what `other` wants.
  ///
  /// @return this
  public BlockRequest beginAs(BlockRequest other) {
    return beginAs(other, other.offset, other.length);
  }

  /// Begins a use that wants what `other` wants of another place, with the front of its data.
  ///
  /// @return this
  public BlockRequest beginAs(BlockRequest other, long offset, int length) {
    return begin(
        other.op, other.flags, offset, length, other.buffer, other.bufferOffset, other.bufferIndex);
  }

  /// It is over. Any thread. Of the first completion only; later ones are refused.
  ///
  /// @param result bytes read or written, from the front and at least one, where fewer than asked
  ///   for are a short request whose rest comes again; 0 of other operations; or `-errno`
  /// @return whether this was the first
  public boolean complete(int result) {
    if (!STATE.compareAndSet(this, ACTIVE, OVER)) {
      if (end instanceof Completions completions) completions.refused();
      return false;
    }
    this.result = result;
    end.onEnd(this, result);
    return true;
  }

  /// All of it is done. Any thread.
  ///
  /// @return whether this was the first completion
  public boolean complete() {
    return complete(op.movesData() ? length : 0);
  }

  /// An operation that was prepared for it has completed: so is it.
  @Override
  public void onCqe(int res, int flags) {
    complete(res);
  }

  /// Whether a target has it.
  boolean isActive() {
    return (int) STATE.getVolatile(this) == ACTIVE;
  }

  // ---- In a list of completions

  int result() {
    return result;
  }

  @Nullable BlockRequest next() {
    return next;
  }

  void next(@Nullable BlockRequest next) {
    this.next = next;
  }

  @Override
  public String toString() {
    String what = op + (op == BlockOp.FLUSH ? "" : " " + length + " bytes at " + offset);
    return what + (isFua() ? ", FUA" : "") + (mayUnmap() ? "" : ", not unmapped");
  }
}
