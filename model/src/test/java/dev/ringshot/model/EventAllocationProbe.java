package dev.ringshot.model;

import static dev.ringshot.abi.BufferRingLayout.BUF_ADDR;
import static dev.ringshot.abi.BufferRingLayout.BUF_BID;
import static dev.ringshot.abi.BufferRingLayout.BUF_LEN;
import static dev.ringshot.abi.BufferRingLayout.BUF_SIZE;
import static dev.ringshot.abi.BufferRingLayout.TAIL;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_SETUP_COOP_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_DEFER_TASKRUN;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SINGLE_ISSUER;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import com.sun.management.ThreadMXBean;
import dev.ringshot.abi.Fcntl;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.locks.LockSupport;

/// A program of its own for [EventAllocationTest]: prints how many bytes a million multishot events
/// allocate at least in one of six windows, on every thread that takes part; in one of more, if it
/// was too much in all of them.
///
/// An event is raised, its buffer selected and filled, its completion posted, waited for and
/// reaped, its buffer given back.
final class EventAllocationProbe {
  private static final int WARM_UP = 300_000;
  private static final int WINDOW = 1_000_000;
  private static final int WINDOWS = 6;
  private static final int WINDOWS_MAX = 40;
  private static final int BATCH = 32;
  private static final int BUFFERS = 2 * BATCH;
  private static final int GROUP = 7;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final VarHandle INT = JAVA_INT.varHandle().withInvokeExactBehavior();
  private static final VarHandle SHORT = JAVA_SHORT.varHandle().withInvokeExactBehavior();

  private final EventSourceDevice device = new EventSourceDevice();
  private final ModelKernel kernel;
  private final TestRing ring;
  private final MemorySegment buffers;
  private int head;
  private int tail = BUFFERS;
  private long next;
  private long heard;

  private EventAllocationProbe(Scheduler scheduler, int flags) {
    kernel = new ModelKernel(scheduler).device("/dev/events", device);
    ring = new TestRing(kernel, 4, 2 * BUFFERS, flags);
    buffers = ring.provide(GROUP, BUFFERS, Long.BYTES, 0);
    ring.sqe(1).uringCmdMultishot(kernel.open("/dev/events", Fcntl.O_RDWR), 0, GROUP);
    ring.submit(1);
  }

  /// @param args what is too much where two threads meet, in bytes
  static void main(String[] args) throws Exception {
    long most = Long.parseLong(args[0]);
    int deferred = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN;
    own("virtual deferred", Scheduler.virtual(1), deferred);
    own("deferred", Scheduler.real(), deferred);
    other("deferred from a thread", deferred, most);
    other("cooperative from a thread", IORING_SETUP_COOP_TASKRUN, most);
    other("default from a thread", 0, most);
  }

  /// Events that the ring's own thread raises.
  private static void own(String name, Scheduler scheduler, int flags) {
    var probe = new EventAllocationProbe(scheduler, flags);
    probe.ownEvents(WARM_UP);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < WINDOWS && least > 0; window++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      probe.ownEvents(WINDOW);
      least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
    }
    System.out.println(name + " " + least);
    probe.kernel.close();
  }

  private void ownEvents(int count) {
    for (long until = heard + count; heard < until; ) {
      device.raise(BATCH);
      reap(BATCH);
    }
  }

  /// Events that another thread raises.
  private static void other(String name, int flags, long most) throws Exception {
    var probe = new EventAllocationProbe(Scheduler.real(), flags);
    var barrier = new CyclicBarrier(2);
    var raiser = new Raiser(probe, barrier);
    raiser.start();
    long least = Long.MAX_VALUE;
    for (int window = -1; goesOn(window, least, most); window++) {
      int count = window < 0 ? WARM_UP : WINDOW;
      raiser.todo = count;
      barrier.await();
      long others = otherThreads(raiser);
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (long until = probe.heard + count; probe.heard < until; ) {
        probe.reap(1);
        LockSupport.unpark(raiser);
      }
      long own = THREADS.getCurrentThreadAllocatedBytes() - before;
      long modelThreads = otherThreads(raiser) - others;
      barrier.await();
      if (window >= 0) least = Math.min(least, own + raiser.allocated + modelThreads);
    }
    raiser.todo = -1;
    barrier.await();
    System.out.println(name + " " + least);
    raiser.join();
    probe.kernel.close();
  }

  private static boolean goesOn(int window, long least, long most) {
    return least > 0 && window < (least < most ? WINDOWS : WINDOWS_MAX);
  }

  /// What the model's own threads have allocated.
  private static long otherThreads(Thread raiser) {
    long sum = 0;
    for (var info : THREADS.dumpAllThreads(false, false)) {
      if (info.getThreadName().startsWith("model-") && info.getThreadId() != raiser.threadId())
        sum += Math.max(0, THREADS.getThreadAllocatedBytes(info.getThreadId()));
    }
    return sum;
  }

  private static final class Raiser extends Thread {
    private final EventAllocationProbe probe;
    private final CyclicBarrier barrier;
    volatile int todo;
    volatile long allocated;
    private long raised;

    Raiser(EventAllocationProbe probe, CyclicBarrier barrier) {
      super("raiser");
      setDaemon(true);
      this.probe = probe;
      this.barrier = barrier;
    }

    @Override
    public void run() {
      try {
        barrier.await();
        while (todo > 0) {
          long before = THREADS.getCurrentThreadAllocatedBytes();
          raise(todo);
          allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
          barrier.await();
          barrier.await();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    /// Never more at a time than there are buffers.
    private void raise(int count) {
      for (long until = raised + count; raised < until; raised++) {
        while (raised - probe.heardSoFar() >= BUFFERS) LockSupport.park(this);
        probe.device.raise(1);
      }
    }
  }

  private long heardSoFar() {
    return (long) HEARD.getAcquire(this);
  }

  private static final VarHandle HEARD;

  static {
    try {
      HEARD =
          java.lang.invoke.MethodHandles.lookup()
              .findVarHandle(EventAllocationProbe.class, "heard", long.class)
              .withInvokeExactBehavior();
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /// Waits for `count` completions, takes those that are there and gives their buffers back.
  private void reap(int count) {
    int result = kernel.enter(ring.fd, 0, count, IORING_ENTER_GETEVENTS, 0, 0);
    if (result != 0) throw new IllegalStateException("enter: " + result);
    int end = (int) INT.getAcquire(ring.rings, (long) RingLayout.CQ_TAIL);
    int taken = end - head;
    for (; head != end; head++) {
      long at = RingLayout.CQES + (long) (head & 2 * BUFFERS - 1) * 16;
      giveBack(ring.rings.get(JAVA_INT, at + 12) >>> 16);
    }
    INT.setRelease(ring.rings, (long) RingLayout.CQ_HEAD, head);
    SHORT.setRelease(ring.bufferRing, (long) TAIL, (short) tail);
    HEARD.setRelease(this, heard + taken);
  }

  private void giveBack(int bid) {
    long event = buffers.get(JAVA_LONG, (long) bid * Long.BYTES);
    if (event != next) throw new IllegalStateException("event " + event + " instead of " + next);
    next++;
    long entry = (long) (tail++ & BUFFERS - 1) * BUF_SIZE;
    ring.bufferRing.set(JAVA_LONG, entry + BUF_ADDR, buffers.address() + (long) bid * Long.BYTES);
    ring.bufferRing.set(JAVA_INT, entry + BUF_LEN, Long.BYTES);
    ring.bufferRing.set(JAVA_SHORT, entry + BUF_BID, (short) bid);
  }
}
