package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENODEV;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_OFF_CQ_RING;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQES;
import static dev.ringshot.abi.IoUring.IORING_OFF_SQ_RING;
import static dev.ringshot.abi.IoUring.IORING_SETUP_NO_MMAP;
import static dev.ringshot.abi.Kernel.PROT_READ;
import static dev.ringshot.abi.Kernel.PROT_WRITE;
import static dev.ringshot.abi.Poll.POLLHUP;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.RingParams;
import dev.ringshot.abi.Socket;
import dev.ringshot.abi.Sqe;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// The memory that a ring shares with its application, and how a ring ends.
public final class RingMemoryCases {
  private static final int READ_WRITE = PROT_READ | PROT_WRITE;
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public RingMemoryCases() {}

  @Case
  @Spec({"4.1-2", "4.1-3"})
  public void freshRingIsEmptyAndKnowsItsSize(Rig t) {
    RawRing ring = t.ringWithCq(8, 32, 0);
    MemorySegment queues = t.map(ring.fd(), IORING_OFF_SQ_RING, PAGE, READ_WRITE);
    RingParams p = ring.params();
    int[][] words = {
      {p.sqOffHead(), 0},
      {p.sqOffTail(), 0},
      {p.sqOffRingMask(), 7},
      {p.sqOffRingEntries(), 8},
      {p.sqOffFlags(), 0},
      {p.sqOffDropped(), 0},
      {p.cqOffHead(), 0},
      {p.cqOffTail(), 0},
      {p.cqOffRingMask(), 31},
      {p.cqOffRingEntries(), 32},
      {p.cqOffOverflow(), 0},
      {p.cqOffFlags(), 0},
    };
    for (int[] word : words) {
      Claim.equal("word at " + word[0], word[1], queues.get(JAVA_INT, word[0]));
    }
  }

  @Case
  @Spec("4.1-7")
  public void bothQueuesAreOneArea(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment sq = t.map(ring.fd(), IORING_OFF_SQ_RING, PAGE, READ_WRITE);
    MemorySegment cq = t.map(ring.fd(), IORING_OFF_CQ_RING, PAGE, READ_WRITE);
    Claim.equal("entries of the SQ", 8, cq.get(JAVA_INT, ring.params().sqOffRingEntries()));
    cq.set(JAVA_INT, ring.params().cqOffFlags(), 1);
    Claim.equal("flags of the CQ", 1, sq.get(JAVA_INT, ring.params().cqOffFlags()));
  }

  @Case
  @Spec("4.1-7")
  public void secondMappingOfTheEntriesIsTheSameMemory(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment again = t.map(ring.fd(), IORING_OFF_SQES, PAGE, READ_WRITE);
    ring.sqe(0x1234_5678).nop();
    Claim.equal("user_data", 0x1234_5678, again.get(JAVA_INT, 32));
    ring.expect(cqe(0x1234_5678, 0));
  }

  @Case
  @Spec({"4.1-7", "3.7-21", "7-29"})
  public void otherOffsetsAreNoArea(Rig t) {
    RawRing ring = t.ring(8);
    int expected = t.is7() ? EINVAL : ENOMEM;
    for (long offset : new long[] {0x1800_0000, 0x2000_0000, 0x4000_0000}) {
      refused(t, expected, ring.fd(), offset);
    }
  }

  @Case
  @Spec("mmap(2): EBADF, ENODEV")
  public void onlyRingsAreMapped(Rig t) {
    refused(t, ENODEV, t.eventfd(), 0);
    refused(t, EBADF, 1_000_000, 0);
  }

  @Case
  @Needs(Need.NO_MMAP)
  @Spec("4.1-23")
  public void memoryOfTheApplicationsMustBeAlignedAndThere(Rig t) {
    MemorySegment rings = t.memory(PAGE);
    MemorySegment sqes = t.memory(PAGE);
    Claim.result("no addresses", -EFAULT, noMmap(t, 0, 0));
    Claim.result("no memory for the SQEs", -EFAULT, noMmap(t, 0, rings.address()));
    Claim.result("no memory for the rings", -EFAULT, noMmap(t, sqes.address(), 0));
    Claim.result("unaligned SQEs", -EINVAL, noMmap(t, sqes.address() + 64, rings.address()));
    Claim.result("unaligned rings", -EINVAL, noMmap(t, sqes.address(), rings.address() + 64));
    Claim.result("unmapped SQEs", -EFAULT, noMmap(t, Rig.UNMAPPED, rings.address()));
    Claim.result("good ones", 0, noMmap(t, sqes.address(), rings.address()));
  }

  private static int noMmap(Rig t, long sqes, long rings) {
    return t.trySetup(
        8, p -> p.flags(IORING_SETUP_NO_MMAP).sqOffUserAddr(sqes).cqOffUserAddr(rings));
  }

  @Case
  @Needs(Need.NO_MMAP)
  @Spec("4.1-28")
  public void ringInTheApplicationsMemoryCannotBeMapped(Rig t) {
    MemorySegment rings = t.memory(PAGE);
    MemorySegment sqes = t.memory(PAGE);
    MemorySegment memory = t.memory((long) RingParams.SIZE);
    int fd = t.own("io_uring_setup", setup(t, memory, sqes, rings));
    RingParams params = new RingParams().at(memory, 0);
    Claim.equal("sq_off.user_addr", sqes.address(), params.sqOffUserAddr());
    Claim.equal("cq_off.user_addr", rings.address(), params.cqOffUserAddr());
    Claim.equal("entries", 8, rings.get(JAVA_INT, params.sqOffRingEntries()));
    refused(t, t.is7() ? EINVAL : ENOMEM, fd, IORING_OFF_SQ_RING);
    refused(t, t.is7() ? EINVAL : ENOMEM, fd, IORING_OFF_SQES);
  }

  /// Memory of the application's stays readable when the ring is gone, and shows what no mapping of
  /// the kernel's can show: the killed request completes.
  @Case
  @Needs(Need.NO_MMAP)
  @Spec("4.1-31: but in the application's own memory it is")
  public void requestsThatTheEndKillsPostWhereMemoryOutlivesTheRing(Rig t) {
    MemorySegment rings = t.memory(PAGE);
    MemorySegment sqes = t.memory(PAGE);
    MemorySegment memory = t.memory((long) RingParams.SIZE);
    int fd = setup(t, memory, sqes, rings);
    RingParams params = new RingParams().at(memory, 0);
    var ends = t.host().socketPair(Socket.SOCK_STREAM);
    t.own("socketpair", ends.far());
    new Sqe().at(sqes, 0).userData(1).pollAdd(ends.near(), POLLIN);
    rings.set(JAVA_INT, params.sqOffTail(), 1);
    Claim.result("enter", 1, t.kernel().enter(fd, 1, 0, 0, 0, 0));
    t.host().close(ends.near());
    Claim.result("close", 0, t.kernel().close(fd));
    Claim.equal("poll of the peer", POLLHUP, t.host().poll(ends.far(), POLLHUP, 3000));
    Claim.equal("CQ tail", 1, rings.get(JAVA_INT, params.cqOffTail()));
    Cqe cqe = new Cqe().at(rings, params.cqOffCqes());
    Claim.equal("user_data", 1L, cqe.userData());
    Claim.result("result", -ECANCELED, cqe.res());
  }

  private static int setup(Rig t, MemorySegment params, MemorySegment sqes, MemorySegment rings) {
    new RingParams()
        .at(params, 0)
        .flags(IORING_SETUP_NO_MMAP)
        .sqOffUserAddr(sqes.address())
        .cqOffUserAddr(rings.address());
    return t.kernel().setup(8, params.address());
  }

  @Case
  @Spec("4.1-29")
  public void closedDescriptorIsBadThoughTheRingLives(Rig t) {
    RawRing ring = t.ring(8);
    ring.closeDescriptor();
    Claim.result("enter", -EBADF, ring.enter(0, 0, 0));
    Claim.result("register", -EBADF, ring.register(0, 0, 0));
    ring.unmap();
  }

  @Case
  @Spec({"4.1-29", "7-20"})
  public void mappingsKeepArmedRequestsAlive(Rig t) {
    RawRing ring = t.ring(8);
    int eventfd = t.eventfd();
    ring.sqe(1).pollMultishot(eventfd, POLLIN);
    ring.submitAll();
    ring.closeDescriptor();
    t.signal(eventfd);
    ring.expectVisible(cqe(1, POLLIN, IORING_CQE_F_MORE));
    ring.unmap();
  }

  @Case
  @Spec({"4.1-30", "7-20"})
  public void lastUnmapEndsArmedRequestsAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    var ends = t.host().socketPair(Socket.SOCK_STREAM);
    t.own("socketpair", ends.far());
    ring.sqe(1).recv(ends.near(), t.memory(64L).address(), 64, 0);
    ring.submitAll();
    t.host().close(ends.near());
    ring.closeDescriptor();
    Claim.equal("poll of the peer before", 0, t.host().poll(ends.far(), POLLHUP, 0));
    ring.unmap();
    Claim.equal("poll of the peer after", POLLHUP, t.host().poll(ends.far(), POLLHUP, 3000));
  }

  @Case
  @Spec({"4.1-29", "4.1-30"})
  public void closeAloneEndsARingThatWasUnmappedBefore(Rig t) {
    RawRing ring = t.ring(8);
    var ends = t.host().socketPair(Socket.SOCK_STREAM);
    t.own("socketpair", ends.far());
    ring.sqe(1).pollAdd(ends.near(), POLLIN);
    ring.submitAll();
    t.host().close(ends.near());
    ring.unmap();
    Claim.equal("poll of the peer before", 0, t.host().poll(ends.far(), POLLHUP, 0));
    ring.closeDescriptor();
    Claim.equal("poll of the peer after", POLLHUP, t.host().poll(ends.far(), POLLHUP, 3000));
  }

  private static void refused(Rig t, int errno, int fd, long offset) {
    int actual = 0;
    try {
      t.map(fd, offset, PAGE, READ_WRITE);
    } catch (ErrnoException e) {
      actual = -e.errno();
    }
    Claim.result("mmap at 0x" + Long.toHexString(offset), -errno, actual);
  }
}
