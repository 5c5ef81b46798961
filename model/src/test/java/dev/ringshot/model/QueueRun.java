package dev.ringshot.model;

import static dev.ringshot.abi.BufferRingLayout.BUF_ADDR;
import static dev.ringshot.abi.BufferRingLayout.BUF_BID;
import static dev.ringshot.abi.BufferRingLayout.BUF_LEN;
import static dev.ringshot.abi.BufferRingLayout.BUF_SIZE;
import static dev.ringshot.abi.BufferRingLayout.TAIL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Fcntl;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;

/// One run of [MultiQueueTest]: a [QueueDevice] with its threads, and a program that hears all of
/// it through one ring, checking each event as it comes.
///
/// A completion queue smaller than the buffers makes commands end with a buffer that no completion
/// names; the program finds it, for entries of a buffer ring are used in order.
final class QueueRun {
  private static final int GROUP = 7;
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final long seed;
  private final int mode;
  private final boolean deviceWide;
  private final int queueCount;
  private final int bufferCount;
  private final int cqEntries;
  private final long perQueue;
  private final long[] next;
  private long heard;
  private long rearms;
  private long recovered;
  private long nanos;

  QueueRun(long seed, int mode, boolean deviceWide, long events) {
    var random = new SplittableRandom(seed);
    this.seed = seed;
    this.mode = mode;
    this.deviceWide = deviceWide;
    queueCount = 2 + random.nextInt(3);
    bufferCount = 64 << random.nextInt(3);
    cqEntries = (bufferCount / 2) << random.nextInt(3);
    perQueue = (events + queueCount - 1) / queueCount;
    next = new long[queueCount];
  }

  long rearms() {
    return rearms;
  }

  @Override
  public String toString() {
    return String.format(
        "seed %s, mode 0x%x, %s, %d queues, %d buffers, CQ of %d: %d events in %d ms, %d re-arms, %d"
            + " buffers found again",
        Long.toUnsignedString(seed),
        mode,
        deviceWide ? "one command" : "a command each",
        queueCount,
        bufferCount,
        cqEntries,
        heard,
        nanos / 1_000_000,
        rearms,
        recovered);
  }

  /// Runs to the end.
  ///
  /// @throws IllegalStateException at the first event that is not the expected one
  void hearAll() throws InterruptedException {
    var device = new QueueDevice(queueCount);
    try (var time = Scheduler.real();
        var kernel = new ModelKernel(time).device("/dev/queues", device);
        var ring = new TestRing(kernel, 8, cqEntries, mode)) {
      var program = new Program(ring, kernel.open("/dev/queues", Fcntl.O_RDWR));
      for (int queue = 0; queue < (deviceWide ? 1 : queueCount); queue++) program.arm(queue);
      var threads = new Thread[queueCount];
      long start = System.nanoTime();
      for (int queue = 0; queue < queueCount; queue++) {
        int source = queue;
        threads[queue] =
            Thread.ofPlatform()
                .daemon()
                .name("queue-" + queue)
                .start(() -> device.produce(source, perQueue));
      }
      while (heard < perQueue * queueCount) program.step();
      nanos = System.nanoTime() - start;
      for (var thread : threads) thread.join();
    }
  }

  /// The program's side of the ring.
  private final class Program {
    private final TestRing ring;
    private final int fd;
    private final MemorySegment buffers;
    private int cqHead;
    private int bufferTail = bufferCount;
    private int entry; // the first whose buffer has not been seen
    private int armed;

    Program(TestRing ring, int fd) {
      this.ring = ring;
      this.fd = fd;
      buffers = ring.provide(GROUP, bufferCount, Long.BYTES, 0);
    }

    void arm(int queue) {
      var sqe = ring.sqe(queue).uringCmdMultishot(fd, 1, GROUP);
      var _ = sqe.addr(deviceWide ? QueueDevice.ALL : queue);
      int submitted = ring.kernel.enter(ring.fd, 1, 0, 0, 0, 0);
      if (submitted != 1) throw broken("submitted " + submitted);
      armed++;
    }

    void step() {
      int result = ring.kernel.enter(ring.fd, 0, 1, IORING_ENTER_GETEVENTS, 0, 0);
      if (result != 0) throw broken("enter: " + result);
      int end = (int) INT.getAcquire(ring.rings, (long) RingLayout.CQ_TAIL);
      long ended = 0;
      for (; cqHead != end; cqHead++) {
        long at = RingLayout.CQES + (long) (cqHead & cqEntries - 1) * 16;
        long queue = ring.rings.get(JAVA_LONG, at);
        int res = ring.rings.get(JAVA_INT, at + 8);
        int flags = ring.rings.get(JAVA_INT, at + 12);
        if (Cqe.more(flags)) hear((int) queue, res, flags);
        else ended |= end((int) queue, res, flags);
      }
      INT.setRelease(ring.rings, (long) RingLayout.CQ_HEAD, cqHead);
      if (armed == 0) recoverTo(ring.head(GROUP));
      SHORT.setRelease(ring.bufferRing, (long) TAIL, (short) bufferTail);
      for (; ended != 0; ended &= ended - 1, rearms++) arm(Long.numberOfTrailingZeros(ended));
    }

    private long end(int queue, int res, int flags) {
      if (res != -ENOBUFS || flags != 0) throw broken("ended with " + res + ", flags " + flags);
      armed--;
      return 1L << queue;
    }

    private void hear(int command, int res, int flags) {
      int bid = Cqe.bufferId(flags);
      int expectedFlags = IORING_CQE_F_BUFFER | IORING_CQE_F_MORE | bid << 16;
      if (res != Long.BYTES || flags != expectedFlags) throw broken(res + ", flags " + flags);
      long word = buffers.get(JAVA_LONG, (long) bid * Long.BYTES);
      int queue = (int) (word >>> 56);
      if (queue >= queueCount || (!deviceWide && queue != command))
        throw broken("queue " + queue + " heard by " + command);
      if (word != QueueDevice.word(queue, next[queue]))
        throw broken(
            "event " + (word & ~0L >>> 8) + " of queue " + queue + " instead of " + next[queue]);
      next[queue]++;
      heard++;
      while (bidOf(entry) != bid) recover();
      giveBack(bid);
      entry++;
    }

    private int bidOf(int index) {
      long at = (long) (index & bufferCount - 1) * BUF_SIZE;
      return ring.bufferRing.get(JAVA_SHORT, at + BUF_BID) & 0xffff;
    }

    private void recoverTo(int head) {
      while ((short) (head - entry) > 0) recover();
    }

    private void recover() {
      if (bufferTail - entry > bufferCount) throw broken("more buffers than there are");
      giveBack(bidOf(entry));
      entry++;
      recovered++;
    }

    private void giveBack(int bid) {
      long at = (long) (bufferTail++ & bufferCount - 1) * BUF_SIZE;
      ring.bufferRing.set(JAVA_LONG, at + BUF_ADDR, buffers.address() + (long) bid * Long.BYTES);
      ring.bufferRing.set(JAVA_INT, at + BUF_LEN, Long.BYTES);
      ring.bufferRing.set(JAVA_SHORT, at + BUF_BID, (short) bid);
    }

    private IllegalStateException broken(String what) {
      return new IllegalStateException(what + "; " + QueueRun.this);
    }
  }
}
