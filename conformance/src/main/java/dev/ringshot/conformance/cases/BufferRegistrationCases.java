package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EEXIST;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOENT;
import static dev.ringshot.abi.Errno.ENOMEM;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PBUF_RING;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_PBUF_STATUS;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_PBUF_RING;
import static dev.ringshot.abi.IoUring.IOU_PBUF_RING_INC;
import static dev.ringshot.abi.IoUring.IOU_PBUF_RING_MMAP;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.BufferRingLayout;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.BufferRegistration;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// Registering, unregistering, asking for and mapping groups of provided buffers.
public final class BufferRegistrationCases {
  private static final int PAGE = 4096;
  private static final int GROUP = 5;

  /// Topics are made by reflection.
  public BufferRegistrationCases() {}

  private static BufferRegistration good(Rig t) {
    return new BufferRegistration(t, GROUP, 8, t.memory((long) PAGE).address());
  }

  private static void refused(int errno, int result) {
    Claim.result("REGISTER_PBUF_RING", -errno, result);
  }

  @Case
  @Spec({"3.7-1", "3.1-4"})
  public void argumentMustBeThereOnce(Rig t) {
    RawRing ring = t.ring(4);
    MemorySegment memory = t.memory((long) BufferRingLayout.REG_SIZE);
    refused(EINVAL, ring.register(IORING_REGISTER_PBUF_RING, 0, 1));
    refused(EINVAL, ring.register(IORING_REGISTER_PBUF_RING, memory.address(), 0));
    refused(EINVAL, ring.register(IORING_REGISTER_PBUF_RING, memory.address(), 2));
    refused(EINVAL, ring.register(IORING_UNREGISTER_PBUF_RING, 0, 1));
    refused(EINVAL, ring.register(IORING_UNREGISTER_PBUF_RING, memory.address(), 2));
    refused(EINVAL, ring.register(IORING_REGISTER_PBUF_STATUS, 0, 1));
    refused(EINVAL, ring.register(IORING_REGISTER_PBUF_STATUS, memory.address(), 2));
  }

  @Case
  @Spec("3.7-2")
  public void argumentMustBeReadable(Rig t) {
    RawRing ring = t.ring(4);
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_RING, Rig.UNMAPPED, 1));
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_RING, Rig.KERNEL_RANGE, 1));
    refused(EFAULT, ring.register(IORING_UNREGISTER_PBUF_RING, Rig.UNMAPPED, 1));
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_STATUS, Rig.UNMAPPED, 1));
  }

  @Case
  @Spec({"3.7-2", "3.1-4: 40 bytes"})
  public void argumentMustBeReadableToItsEnd(Rig t) {
    RawRing ring = t.ring(4);
    MemorySegment page = t.pageBeforeHole();
    long across = page.address() + PAGE - BufferRingLayout.REG_SIZE + 1;
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_RING, across, 1));
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_STATUS, across, 1));
  }

  @Case
  @Spec("3.7-19: the answer is written behind what was read")
  public void statusMustBeWritable(Rig t) {
    RawRing ring = t.ring(4);
    BufferGroup group = t.group(ring, 0, 4);
    MemorySegment readOnly = t.readOnlyMemory(PAGE);
    refused(EFAULT, ring.register(IORING_REGISTER_PBUF_STATUS, readOnly.address(), 1));
    group.expectHead(0);
  }

  @Case
  @Spec("3.7-3")
  public void reservedWordsMustBeZero(Rig t) {
    RawRing ring = t.ring(4);
    for (int word = 0; word < 5; word++) refused(EINVAL, good(t).reserved(word, 1).register(ring));
  }

  @Case
  @Spec("3.7-4")
  public void unknownFlagsAreInvalid(Rig t) {
    RawRing ring = t.ring(4);
    for (int bit = 2; bit < 16; bit++) refused(EINVAL, good(t).flags(1 << bit).register(ring));
  }

  @Case
  @Spec({"3.7-5", "3.1-4: ring_entries"})
  public void entriesMustBeAPowerOfTwo(Rig t) {
    RawRing ring = t.ring(4);
    long memory = t.memory((long) PAGE).address();
    for (int entries : new int[] {0, 3, 5, 6, 100, -1})
      refused(EINVAL, new BufferRegistration(t, GROUP, entries, memory).register(ring));
  }

  @Case
  @Spec("3.7-6: too many")
  public void entriesMustFitSixteenBits(Rig t) {
    RawRing ring = t.ring(4);
    long memory = t.memory((long) PAGE).address();
    for (int shift : new int[] {16, 17, 30, 31})
      refused(EINVAL, new BufferRegistration(t, GROUP, 1 << shift, memory).register(ring));
  }

  @Case
  @Spec({"3.7-6: the most", "3.7-15"})
  public void mostEntriesAre32768(Rig t) {
    RawRing ring = t.ring(4);
    t.group(ring, GROUP, 32768).expectHead(0);
  }

  @Case
  @Spec("3.2-1: one entry is a ring too")
  public void fewestEntriesAreOne(Rig t) {
    t.group(t.ring(4), GROUP, 1).expectHead(0);
  }

  @Case
  @Spec({"3.7-7", "3.4-6"})
  public void minLeftIsForIncrementalGroups(Rig t) {
    RawRing ring = t.ring(4);
    refused(EINVAL, good(t).minLeft(8).register(ring));
    refused(0, good(t).minLeft(8).flags(IOU_PBUF_RING_INC).register(ring));
  }

  @Case
  @Spec({"3.7-8", "3.1-8"})
  public void groupThatIsARingExists(Rig t) {
    RawRing ring = t.ring(4);
    refused(0, good(t).register(ring));
    refused(EEXIST, good(t).register(ring));
  }

  @Case
  @Spec("3.7-9: with buffers")
  public void legacyGroupWithBuffersExists(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).provideBuffers(t.memory(64L).address(), 16, 2, GROUP, 0);
    ring.expect(cqe(1, 0));
    refused(EEXIST, good(t).register(ring));
  }

  @Case
  @Spec("3.7-9: empty")
  public void emptyLegacyGroupIsReplaced(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).provideBuffers(t.memory(64L).address(), 16, 2, GROUP, 0);
    ring.sqe(2).removeBuffers(2, GROUP);
    ring.expect(cqe(1, 0), cqe(2, 2));
    refused(0, good(t).register(ring));
  }

  @Case
  @Spec("3.7-11")
  public void ringAddressMustNotBeNull(Rig t) {
    refused(EFAULT, new BufferRegistration(t, GROUP, 8, 0).register(t.ring(4)));
  }

  @Case
  @Spec("3.7-12")
  public void ringAddressMustBeAligned(Rig t) {
    RawRing ring = t.ring(4);
    long memory = t.memory(2L * PAGE).address();
    refused(EINVAL, new BufferRegistration(t, GROUP, 8, memory + 16).register(ring));
    refused(EINVAL, new BufferRegistration(t, GROUP, 8, memory + 1).register(ring));
  }

  @Case
  @Spec("3.7-13")
  public void ringAddressMustBeMapped(Rig t) {
    RawRing ring = t.ring(4);
    refused(EFAULT, new BufferRegistration(t, GROUP, 8, Rig.UNMAPPED).register(ring));
    refused(EFAULT, new BufferRegistration(t, GROUP, 8, Rig.KERNEL_RANGE).register(ring));
  }

  @Case
  @Spec({"3.7-13: all of it", "3.7-15"})
  public void ringMemoryMustBeMappedToItsEnd(Rig t) {
    RawRing ring = t.ring(4);
    long page = t.pageBeforeHole().address();
    refused(EFAULT, new BufferRegistration(t, GROUP, 512, page).register(ring));
    refused(0, new BufferRegistration(t, GROUP, 256, page).register(ring));
  }

  @Case
  @Spec({"3.7-14", "3.1-6", "3.1-7"})
  public void mappedRingIgnoresTheAddress(Rig t) {
    RawRing ring = t.ring(4);
    var registration = new BufferRegistration(t, GROUP, 8, Rig.UNMAPPED + 1);
    refused(0, registration.flags(IOU_PBUF_RING_MMAP).register(ring));
    long offset = BufferGroup.mapOffset(GROUP);
    MemorySegment mapped = t.map(ring.fd(), offset, 128, Kernel.PROT_READ | Kernel.PROT_WRITE);
    Claim.equal("tail", 0L, mapped.get(JAVA_LONG, 8) >>> 48);
  }

  @Case
  @Spec("3.7-16")
  public void unregisterWantsZeros(Rig t) {
    RawRing ring = t.ring(4);
    refused(0, good(t).register(ring));
    for (int word = 0; word < 5; word++)
      refused(EINVAL, good(t).reserved(word, 1).unregister(ring));
    refused(EINVAL, good(t).flags(IOU_PBUF_RING_INC).unregister(ring));
    refused(0, good(t).unregister(ring));
  }

  @Case
  @Spec("3.7-17")
  public void absentGroupCannotBeUnregistered(Rig t) {
    RawRing ring = t.ring(4);
    refused(ENOENT, good(t).unregister(ring));
    refused(0, good(t).register(ring));
    refused(0, good(t).unregister(ring));
    refused(ENOENT, good(t).unregister(ring));
  }

  @Case
  @Spec({"3.7-18", "3.7-20: legacy"})
  public void legacyGroupIsNoRing(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).provideBuffers(t.memory(64L).address(), 16, 2, GROUP, 0);
    ring.expect(cqe(1, 0));
    refused(EINVAL, good(t).unregister(ring));
    Claim.result("PBUF_STATUS", -EINVAL, status(t, ring, GROUP, 0));
  }

  @Case
  @Spec({"3.7-19", "3.1-5"})
  public void statusWantsZeros(Rig t) {
    RawRing ring = t.ring(4);
    t.group(ring, GROUP, 4);
    for (int word = 0; word < 8; word++)
      Claim.result("PBUF_STATUS", -EINVAL, status(t, ring, GROUP, 1 << word));
  }

  @Case
  @Spec("3.7-20: absent")
  public void absentGroupHasNoStatus(Rig t) {
    RawRing ring = t.ring(4);
    Claim.result("PBUF_STATUS", -ENOENT, status(t, ring, GROUP, 0));
    Claim.result("PBUF_STATUS", -ENOENT, status(t, ring, 1 << 20, 0));
  }

  /// @param reserved a bit for each reserved word that shall not be 0
  private static int status(Rig t, RawRing ring, int group, int reserved) {
    MemorySegment status = t.memory((long) BufferRingLayout.STATUS_SIZE);
    status.set(JAVA_INT, BufferRingLayout.STATUS_BUF_GROUP, group);
    for (int word = 0; word < 8; word++)
      status.set(JAVA_INT, BufferRingLayout.STATUS_RESV + 4L * word, reserved >> word & 1);
    return ring.register(IORING_REGISTER_PBUF_STATUS, status.address(), 1);
  }

  @Case
  @Spec("3.1-8")
  public void highestGroupIs65535(Rig t) {
    RawRing ring = t.ring(4);
    BufferGroup group = t.group(ring, 65535, 4).provide(9, 1, 16);
    ring.sqe(1).read(t.open("/dev/zero", 0), 0, 16, 0).bufferSelect(65535);
    Claim.equal("bid", 9, ring.takeOne().bid());
    group.expectHead(1);
  }

  @Case
  @Spec("3.1-8: groups belong to one ring")
  public void ringsDoNotShareGroups(Rig t) {
    RawRing one = t.ring(4);
    RawRing other = t.ring(4);
    t.group(one, GROUP, 4);
    Claim.result("PBUF_STATUS", -ENOENT, status(t, other, GROUP, 0));
    t.group(other, GROUP, 4);
  }

  @Case
  @Spec({"3.7-21", "7-29", "7b-6"})
  public void mapOfAGroupThatCannotBeMapped(Rig t) {
    RawRing ring = t.ring(4);
    t.group(ring, GROUP, 4);
    int errno = t.is7() ? EINVAL : ENOMEM;
    Claim.equal("absent group", errno, mapErrno(t, ring, BufferGroup.mapOffset(77)));
    Claim.equal("application's ring", errno, mapErrno(t, ring, BufferGroup.mapOffset(GROUP)));
  }

  @Case
  @Spec({"3.7-21: a bad offset", "7-29"})
  public void mapOfABadOffset(Rig t) {
    int errno = t.is7() ? EINVAL : ENOMEM;
    Claim.equal("offset", errno, mapErrno(t, t.ring(4), 0x18000000L));
  }

  private static int mapErrno(Rig t, RawRing ring, long offset) {
    try {
      t.map(ring.fd(), offset, PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Case
  @Needs(Need.LONG_MAPPINGS)
  @Spec("3.7-22")
  public void mapMayBeLongerThanTheRing(Rig t) {
    RawRing ring = t.ring(4);
    var registration = new BufferRegistration(t, GROUP, 8, 0);
    refused(0, registration.flags(IOU_PBUF_RING_MMAP).register(ring));
    long offset = BufferGroup.mapOffset(GROUP);
    MemorySegment mapped =
        t.map(ring.fd(), offset, 4L * PAGE, Kernel.PROT_READ | Kernel.PROT_WRITE);
    Claim.equal("first entry", 0L, mapped.get(JAVA_LONG, 0));
  }

  @Case
  @Spec("3.7-24")
  public void unknownRegisterOpcodeIsInvalid(Rig t) {
    RawRing ring = t.ring(4);
    refused(EINVAL, ring.register(t.is7() ? 38 : 36, 0, 0));
    refused(EINVAL, ring.register(200, 0, 0));
    refused(EINVAL, ring.register(1 << 30, 0, 0));
  }

  @Case
  @Spec("3.7-26")
  public void registerFindsTheRingByItsRegisteredIndex(Rig t) {
    RawRing ring = t.ring(4);
    MemorySegment update = t.memory(16L); // struct io_uring_rsrc_update
    update.set(JAVA_INT, 0, -1);
    update.set(JAVA_LONG, 8, ring.fd());
    int registered = ring.register(IoUring.IORING_REGISTER_RING_FDS, update.address(), 1);
    Claim.result("REGISTER_RING_FDS", 1, registered);
    int index = update.get(JAVA_INT, 0);
    int opcode = IORING_REGISTER_PBUF_RING | IoUring.IORING_REGISTER_USE_REGISTERED_RING;
    MemorySegment reg = t.memory((long) BufferRingLayout.REG_SIZE);
    reg.set(JAVA_LONG, 0, t.memory((long) PAGE).address());
    reg.set(JAVA_INT, BufferRingLayout.REG_RING_ENTRIES, 8);
    refused(0, t.kernel().register(index, opcode, reg.address(), 1));
    Claim.result("PBUF_STATUS", 0, status(t, ring, 0, 0));
  }
}
