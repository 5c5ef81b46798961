package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.E2BIG;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;
import java.util.function.UnaryOperator;

/// PROVIDE_BUFFERS and REMOVE_BUFFERS.
public final class LegacyBufferCases {
  private static final int GROUP = 4;

  /// Topics are made by reflection.
  public LegacyBufferCases() {}

  private static RawRing providing(Rig t, int firstBid, int count, int size) {
    RawRing ring = t.ring(8);
    provide(t, ring, firstBid, count, size);
    return ring;
  }

  private static MemorySegment provide(Rig t, RawRing ring, int firstBid, int count, int size) {
    MemorySegment memory = t.memory((long) count * size);
    ring.sqe(77).provideBuffers(memory.address(), size, count, GROUP, firstBid);
    ring.expect(cqe(77, 0));
    return memory;
  }

  private static void change(Rig t, UnaryOperator<Sqe> verb, int res) {
    change(t.ring(8), verb, res);
  }

  private static void change(RawRing ring, UnaryOperator<Sqe> verb, int res) {
    Claim.equal("user_data", 1L, verb.apply(ring.sqe(1)).userData());
    ring.expect(cqe(1, res));
  }

  private static void read(RawRing ring, int fd, int userData, int length) {
    ring.sqe(userData).read(fd, 0, length, 0).bufferSelect(GROUP);
  }

  @Case
  @Spec({"3.8-1", "3.8-11", "3.8-16", "3.8-17"})
  public void eachBufferIsUsedOnceInTheOrderProvided(Rig t) {
    RawRing ring = providing(t, 20, 3, 16);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    for (int i = 0; i < 4; i++) read(ring, fd, i, 0);
    ring.submitEach();
    ring.expect(
        cqe(0, 16, buffer(20)), cqe(1, 16, buffer(21)), cqe(2, 16, buffer(22)), cqe(3, -ENOBUFS));
  }

  @Case
  @Spec("3.8-16: first provided, first used")
  public void laterBuffersQueueBehind(Rig t) {
    RawRing ring = providing(t, 20, 1, 16);
    provide(t, ring, 5, 1, 32);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 0);
    read(ring, fd, 2, 0);
    ring.expect(cqe(1, 16, buffer(20)), cqe(2, 32, buffer(5)));
  }

  @Case
  @Spec("3.8-16: again")
  public void usedBufferMayBeProvidedAgain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    for (int i = 0; i < 3; i++) {
      provide(t, ring, 9, 1, 16);
      read(ring, fd, i, 0);
      ring.expect(cqe(i, 16, buffer(9)));
    }
  }

  @Case
  @Spec({"3.8-17", "3.3-2"})
  public void lengthIsTheShorterOfTheTwo(Rig t) {
    RawRing ring = providing(t, 0, 2, 32);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 8);
    read(ring, fd, 2, 100);
    ring.expect(cqe(1, 8, buffer(0)), cqe(2, 32, buffer(1)));
  }

  @Case
  @Spec("3.5-2: not by a READ, which names the buffer even when it fails")
  public void failedReadUsesItsBuffer(Rig t) {
    RawRing ring = providing(t, 0, 2, 16);
    int fd = t.eventfd();
    t.signal(fd);
    read(ring, fd, 1, 4); // an eventfd wants 8 bytes
    ring.expect(cqe(1, -EINVAL, buffer(0)));
    read(ring, fd, 2, 8);
    ring.expect(cqe(2, 8, buffer(1)));
  }

  @Case
  @Spec("3.5-2: not by a READ, which holds its buffer while it waits")
  public void waitingReadHoldsItsBuffer(Rig t) {
    RawRing ring = providing(t, 0, 1, 16);
    int waiting = t.eventfd();
    read(ring, waiting, 1, 8);
    ring.expectNothing();
    read(ring, t.open("/dev/zero", Fcntl.O_RDONLY), 2, 0);
    ring.expect(cqe(2, -ENOBUFS));
    t.signal(waiting);
    ring.expect(cqe(1, 8, buffer(0)));
  }

  @Case
  @Spec("3.5-2: a cancelled READ names the buffer it held")
  public void cancelledReadUsesItsBuffer(Rig t) {
    RawRing ring = providing(t, 0, 1, 16);
    read(ring, t.eventfd(), 1, 8);
    ring.expectNothing();
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED, buffer(0)));
    read(ring, t.open("/dev/zero", Fcntl.O_RDONLY), 3, 0);
    ring.expect(cqe(3, -ENOBUFS));
  }

  @Case
  @Spec("3.8-2")
  public void provideHasNoFlags(Rig t) {
    long memory = t.memory(64L).address();
    change(t, sqe -> sqe.provideBuffers(memory, 16, 2, GROUP, 0).opFlags(1), -EINVAL);
    change(t, sqe -> sqe.provideBuffers(memory, 16, 2, GROUP, 0).spliceFdIn(1), -EINVAL);
  }

  @Case
  @Spec("3.8-3")
  public void provideCountsFromOneTo65536(Rig t) {
    long memory = t.memory(64L).address();
    for (int count : new int[] {0, 65537, -1})
      change(t, sqe -> sqe.provideBuffers(memory, 16, count, GROUP, 0), -E2BIG);
  }

  @Case
  @Spec("3.8-4")
  public void provideNeedsALength(Rig t) {
    long memory = t.memory(64L).address();
    change(t, sqe -> sqe.provideBuffers(memory, 0, 2, GROUP, 0), -EINVAL);
  }

  @Case
  @Spec("3.8-5")
  public void provideRefusesARangeBeyond64Bits(Rig t) {
    change(t, sqe -> sqe.provideBuffers(-4096, 4096, 2, GROUP, 0), -EOVERFLOW);
  }

  @Case
  @Spec("3.8-6")
  public void provideRefusesARangeOfTheKernels(Rig t) {
    change(t, sqe -> sqe.provideBuffers(Rig.KERNEL_RANGE, 16, 2, GROUP, 0), -EFAULT);
  }

  @Case
  @Spec({"3.8-6: an unmapped range is found out when it is used", "3.3-6"})
  public void provideTakesAnUnmappedRange(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).provideBuffers(Rig.UNMAPPED, 16, 1, GROUP, 3);
    ring.expect(cqe(1, 0));
    int fd = t.eventfd();
    t.signal(fd);
    read(ring, fd, 2, 8);
    ring.expect(cqe(2, -EFAULT, buffer(3)));
  }

  @Case
  @Spec("3.8-7")
  public void firstIdMustFitSixteenBits(Rig t) {
    long memory = t.memory(64L).address();
    change(t, sqe -> sqe.provideBuffers(memory, 16, 1, GROUP, 65536), -E2BIG);
    change(t, sqe -> sqe.provideBuffers(memory, 16, 1, GROUP, 0).off(1L << 32), -E2BIG);
  }

  @Case
  @Spec("3.8-8")
  public void lastIdMustFitSixteenBits(Rig t) {
    long memory = t.memory(64L).address();
    change(t, sqe -> sqe.provideBuffers(memory, 16, 2, GROUP, 65535), -EINVAL);
    change(t, sqe -> sqe.provideBuffers(memory, 16, 1, GROUP, 65535), 0);
  }

  @Case
  @Spec({"3.8-9", "3.8-14"})
  public void ringGroupIsNotLegacy(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4);
    change(ring, sqe -> sqe.provideBuffers(t.memory(64L).address(), 16, 2, GROUP, 0), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP), -EINVAL);
  }

  @Case
  @Spec("3.8-10")
  public void groupHoldsAtMost65536Buffers(Rig t) {
    RawRing ring = t.ring(8);
    long memory = t.memory(65536L).address();
    change(ring, sqe -> sqe.provideBuffers(memory, 1, 65536, GROUP, 0), 0);
    change(ring, sqe -> sqe.provideBuffers(memory, 1, 1, GROUP, 0), -EOVERFLOW);
  }

  @Case
  @Spec("3.8-12: fields")
  public void removeHasNothingButACountAndAGroup(Rig t) {
    RawRing ring = providing(t, 0, 4, 16);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP).opFlags(1), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP).addr(1), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP).len(1), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP).off(1), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(1, GROUP).spliceFdIn(1), -EINVAL);
  }

  @Case
  @Spec("3.8-12: count")
  public void removeCountsFromOneTo65536(Rig t) {
    RawRing ring = providing(t, 0, 4, 16);
    for (int count : new int[] {0, 65537, -1})
      change(ring, sqe -> sqe.removeBuffers(count, GROUP), -EINVAL);
    change(ring, sqe -> sqe.removeBuffers(65536, GROUP), 4);
  }

  @Case
  @Spec("3.8-13")
  public void removeFromAnAbsentGroup(Rig t) {
    change(t, sqe -> sqe.removeBuffers(1, GROUP), -ENOENT);
  }

  @Case
  @Spec("3.8-15")
  public void removeTellsHowMany(Rig t) {
    RawRing ring = providing(t, 0, 4, 16);
    change(ring, sqe -> sqe.removeBuffers(3, GROUP), 3);
    change(ring, sqe -> sqe.removeBuffers(3, GROUP), 1);
    change(ring, sqe -> sqe.removeBuffers(3, GROUP), 0);
  }

  @Case
  @Spec({"3.8-15: from the front", "3.8-16"})
  public void removeTakesTheOldest(Rig t) {
    RawRing ring = providing(t, 0, 4, 16);
    change(ring, sqe -> sqe.removeBuffers(3, GROUP), 3);
    read(ring, t.open("/dev/zero", Fcntl.O_RDONLY), 2, 0);
    ring.expect(cqe(2, 16, buffer(3)));
  }

  @Case
  @Spec("3.8-1: each has the length, one behind the other")
  public void buffersLieOneBehindTheOther(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = provide(t, ring, 0, 2, 8);
    int fd = t.eventfd();
    for (int i = 1; i <= 2; i++) {
      t.signal(fd);
      read(ring, fd, i, 8);
    }
    ring.submitAll();
    Claim.equal("bid", 0, ring.takeOne().bid());
    Claim.equal("counter", 2L, memory.get(java.lang.foreign.ValueLayout.JAVA_LONG, 0));
    t.signal(fd);
    Claim.equal("bid", 1, ring.takeOne().bid());
    Claim.equal("counter", 1L, memory.get(java.lang.foreign.ValueLayout.JAVA_LONG, 8));
  }
}
