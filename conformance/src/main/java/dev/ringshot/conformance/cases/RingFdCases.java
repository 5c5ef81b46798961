package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_ENTER_GETEVENTS;
import static dev.ringshot.abi.IoUring.IORING_ENTER_REGISTERED_RING;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PROBE;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_RING_FDS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_USE_REGISTERED_RING;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_RING_FDS;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Probe;
import dev.ringshot.abi.RsrcUpdate;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// RING_FDS: rings under an index of the calling thread's.
public final class RingFdCases {
  private static final int ANY_INDEX = -1;
  private static final int SLOTS = 16;

  /// Topics are made by reflection.
  public RingFdCases() {}

  @Case
  @Spec({"4.3-1: REGISTERED_RING", "3.7-26"})
  public void registeredIndexStandsForTheDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    int index = registered(t, ring);
    ring.sqe(1).nop();
    int flags = IORING_ENTER_REGISTERED_RING | IORING_ENTER_GETEVENTS;
    Claim.result("enter", 1, t.kernel().enter(index, ring.publish(), 1, flags, 0, 0));
    ring.expectVisible(cqe(1, 0));
    int opcode = IORING_REGISTER_PROBE | IORING_REGISTER_USE_REGISTERED_RING;
    long probe = t.memory((long) Probe.SIZE).address();
    Claim.result("PROBE", 0, t.kernel().register(index, opcode, probe, 0));
    unregister(t, ring, index);
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void firstFreeIndexIsChosenAndWritten(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment update = update(t, ANY_INDEX, ring.fd());
    Claim.result("RING_FDS", 1, ring.register(IORING_REGISTER_RING_FDS, update.address(), 1));
    Claim.equal("offset", 0, update.get(JAVA_INT, RsrcUpdate.OFFSET));
    int second = registered(t, ring);
    Claim.equal("second", 1, second);
    unregister(t, ring, 0);
    Claim.equal("again", 0, registered(t, ring));
    unregister(t, ring, 0);
    unregister(t, ring, 1);
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void indexCanBeAskedFor(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("RING_FDS", 1, register(t, ring, 7, ring.fd()));
    Claim.result("taken", -EBUSY, register(t, ring, 7, ring.fd()));
    Claim.result("beyond", -EINVAL, register(t, ring, SLOTS, ring.fd()));
    unregister(t, ring, 7);
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void tableHasSixteenSlots(Rig t) {
    RawRing ring = t.ring(8);
    for (int i = 0; i < SLOTS; i++) Claim.equal("index", i, registered(t, ring));
    Claim.result("one more", -EBUSY, register(t, ring, ANY_INDEX, ring.fd()));
    for (int i = 0; i < SLOTS; i++) unregister(t, ring, i);
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void onlyRingsAreRegistered(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("closed", -EBADF, register(t, ring, ANY_INDEX, 1_000_000));
    Claim.result("eventfd", -EOPNOTSUPP, register(t, ring, ANY_INDEX, t.eventfd()));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void argumentsAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment update = update(t, ANY_INDEX, ring.fd());
    int opcode = IORING_REGISTER_RING_FDS;
    Claim.result("none", -EINVAL, ring.register(opcode, update.address(), 0));
    Claim.result("17", -EINVAL, ring.register(opcode, update.address(), SLOTS + 1));
    Claim.result("fault", -EFAULT, ring.register(opcode, Rig.UNMAPPED, 1));
    update.set(JAVA_INT, RsrcUpdate.RESV, 1);
    Claim.result("reserved", -EINVAL, ring.register(opcode, update.address(), 1));
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void unregisteringAnEmptyIndexChangesNothing(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("empty", 1, unregisterResult(t, ring, 3));
    Claim.result("beyond", -EINVAL, unregisterResult(t, ring, SLOTS));
  }

  @Case
  @Needs(Need.THREADS)
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void indexIsTheThreadsOwn(Rig t) {
    RawRing ring = t.ring(8);
    int index = registered(t, ring);
    int flags = IORING_ENTER_REGISTERED_RING;
    int elsewhere =
        OtherThread.call(() -> {
          ring.enter(0, 0, 0);
          ring.sqe(1).nop();
          ring.submit();
          return t.kernel().enter(index, 0, 0, flags, 0, 0);
        });
    Claim.result("enter from another thread", -EBADF, elsewhere);
    ring.expectVisible(cqe(1, 0));
    unregister(t, ring, index);
  }

  @Case
  @Spec("io_uring_register(2): IORING_REGISTER_RING_FDS")
  public void registeredRingOutlivesItsDescriptor(Rig t) {
    RawRing ring = t.ring(8);
    RawRing other = t.ring(8);
    int index = registered(t, ring);
    ring.closeDescriptor();
    ring.sqe(1).nop();
    int flags = IORING_ENTER_REGISTERED_RING;
    Claim.result("enter", 1, t.kernel().enter(index, ring.publish(), 0, flags, 0, 0));
    ring.expectVisible(cqe(1, 0));
    ring.unmap();
    unregister(t, other, index);
  }

  /// The index that the kernel chose for `ring`.
  private static int registered(Rig t, RawRing ring) {
    MemorySegment update = update(t, ANY_INDEX, ring.fd());
    Claim.result("RING_FDS", 1, ring.register(IORING_REGISTER_RING_FDS, update.address(), 1));
    return update.get(JAVA_INT, RsrcUpdate.OFFSET);
  }

  private static int register(Rig t, RawRing ring, int index, int fd) {
    return ring.register(IORING_REGISTER_RING_FDS, update(t, index, fd).address(), 1);
  }

  private static void unregister(Rig t, RawRing ring, int index) {
    Claim.result("UNREGISTER_RING_FDS", 1, unregisterResult(t, ring, index));
  }

  private static int unregisterResult(Rig t, RawRing ring, int index) {
    return ring.register(IORING_UNREGISTER_RING_FDS, update(t, index, 0).address(), 1);
  }

  private static MemorySegment update(Rig t, int index, int fd) {
    MemorySegment update = t.memory(16L); // struct io_uring_rsrc_update
    update.set(JAVA_INT, RsrcUpdate.OFFSET, index);
    update.set(JAVA_LONG, RsrcUpdate.DATA, fd);
    return update;
  }
}
