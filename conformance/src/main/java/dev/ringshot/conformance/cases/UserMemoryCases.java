package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.ETIME;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Timespec;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// What an address is worth: up to the edge of a mapping, after its end, and against its
/// protection.
public final class UserMemoryCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UserMemoryCases() {}

  @Case
  @Spec("io_uring_prep_timeout(3): ts is memory of the caller's")
  public void argumentMayReachToTheEndOfItsMapping(Rig t) {
    RawRing ring = t.ring(8);
    long end = t.pageBeforeHole().address() + PAGE;
    ring.sqe(1).timeout(end - Timespec.SIZE, 0, 0);
    ring.expect(cqe(1, -ETIME));
    ring.sqe(2).timeout(end - Timespec.SIZE + 1, 0, 0);
    ring.expect(cqe(2, -EFAULT));
    ring.sqe(3).timeout(end, 0, 0);
    ring.expect(cqe(3, -EFAULT));
  }

  @Case
  @Spec("io_uring_prep_timeout(3): ts is memory of the caller's")
  public void argumentMayBeUnaligned(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment time = t.memory((long) PAGE);
    time.set(JAVA_LONG_UNALIGNED, 1, 0L);
    ring.sqe(1).timeout(time.address() + 1, 0, 0);
    ring.expect(cqe(1, -ETIME));
  }

  @Case
  @Spec("munmap(2): further references to addresses in the range are invalid")
  public void unmappedMemoryIsBadAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment page = t.kernel().map(-1, 0, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
    ring.sqe(1).timeout(page.address(), 0, 0);
    ring.expect(cqe(1, -ETIME));
    long gone = page.address();
    t.kernel().unmap(page);
    ring.sqe(2).timeout(gone, 0, 0);
    ring.expect(cqe(2, -EFAULT));
  }

  @Case
  @Spec("read(2): EFAULT")
  public void readIsHeldToTheMappingsEdge(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    long end = t.pageBeforeHole().address() + PAGE;
    t.signal(eventfd);
    ring.sqe(1).read(eventfd, end - 8, 8, -1);
    ring.expect(cqe(1, 8));
    t.signal(eventfd);
    ring.sqe(2).read(eventfd, end - 7, 8, -1);
    ring.expect(cqe(2, -EFAULT));
  }

  @Case
  @Spec("read(2): EFAULT")
  public void memoryThatMayOnlyBeReadIsNotWritten(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    MemorySegment page = t.readOnlyMemory(PAGE);
    t.signal(eventfd);
    ring.sqe(1).read(eventfd, page.address(), 8, -1);
    ring.expect(cqe(1, -EFAULT));
    ring.sqe(2).write(eventfd, page.address(), 8, -1);
    ring.expect(cqe(2, 8));
    if (page.get(JAVA_LONG, 0) != 0) throw new AssertionError("written");
  }
}
