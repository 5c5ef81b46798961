package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.abi.ublk.Ublk.*;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static dev.ringshot.conformance.rig.UblkUnit.TAG;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.ublk.BatchIo;
import dev.ringshot.abi.ublk.IoCmd;
import dev.ringshot.abi.ublk.IoDesc;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Disk;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import dev.ringshot.conformance.rig.UblkUnit;
import java.lang.foreign.MemorySegment;

/// How ublk tells its server what to do, and moves the data.
@Needs(Need.UBLK)
public final class UblkDataCases {
  private static final int PAGE = 4096;

  /// Topics are made by reflection.
  public UblkDataCases() {}

  private static void expectDescriptor(
      UblkUnit unit, int tag, int opFlags, int sectors, long startSector, long address) {
    MemorySegment d = unit.descriptor(tag);
    Claim.equal("op_flags", opFlags, d.get(JAVA_INT, IoDesc.OP_FLAGS) & ~failFast());
    Claim.equal("nr_sectors", sectors, d.get(JAVA_INT, IoDesc.NR_SECTORS));
    Claim.equal("start_sector", startSector, d.get(JAVA_LONG, IoDesc.START_SECTOR));
    Claim.equal("addr", address, d.get(JAVA_LONG, IoDesc.ADDR));
  }

  private static int failFast() {
    return UBLK_IO_F_FAILFAST_DEV | UBLK_IO_F_FAILFAST_TRANSPORT | UBLK_IO_F_FAILFAST_DRIVER;
  }

  @Case
  @Spec({"5.2-4", "5.2-5", "5.2-6"})
  public void dataIsCopiedByTheKernel(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 2);
    Disk disk = unit.disk();
    int write = disk.write(3L * PAGE, t.memory(2L * PAGE).fill((byte) 5));
    int tag = unit.takeTag(ring);
    expectDescriptor(unit, tag, UBLK_IO_OP_WRITE, 16, 24, unit.buffer(tag).address());
    Claim.equal("data", (byte) 5, unit.buffer(tag).get(JAVA_BYTE, 2 * PAGE - 1));
    unit.commitTag(ring, tag, 2 * PAGE);
    Claim.result("write", 0, disk.await(write));
    MemorySegment into = t.memory((long) PAGE);
    int read = disk.read(0, into);
    tag = unit.takeTag(ring);
    expectDescriptor(unit, tag, UBLK_IO_OP_READ, 8, 0, unit.buffer(tag).address());
    unit.buffer(tag).fill((byte) 9);
    unit.commitTag(ring, tag, PAGE);
    Claim.result("read", 0, disk.await(read));
    Claim.equal("data", (byte) 9, into.get(JAVA_BYTE, PAGE - 1));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("5.2-16")
  public void restOfAShortReadComesAgain(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 2);
    Disk disk = unit.disk();
    MemorySegment into = t.memory(2L * PAGE);
    int read = disk.read(0, into);
    int tag = unit.takeTag(ring);
    unit.buffer(tag).fill((byte) 1);
    unit.commitTag(ring, tag, PAGE);
    tag = unit.takeTag(ring);
    expectDescriptor(unit, tag, UBLK_IO_OP_READ, 8, 8, unit.buffer(tag).address());
    unit.buffer(tag).fill((byte) 2);
    unit.commitTag(ring, tag, PAGE);
    Claim.result("read", 0, disk.await(read));
    Claim.equal("first page", (byte) 1, into.get(JAVA_BYTE, PAGE - 1));
    Claim.equal("second page", (byte) 2, into.get(JAVA_BYTE, PAGE));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("5.2-17")
  public void shortWriteCountsAsWhole(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    Disk disk = unit.disk();
    for (int result : new int[] {PAGE, 0, 4 * PAGE}) {
      int write = disk.write(0, t.memory(2L * PAGE));
      unit.commitTag(ring, unit.takeTag(ring), result);
      Claim.result("write", 0, disk.await(write));
    }
  }

  @Case
  @Spec("5.2-7")
  public void errorsOfTheServerAreTheUsers(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    Disk disk = unit.disk();
    int[] told = {0, -EIO, -ENOSPC, -EPERM, -ENOMEM, -ETIMEDOUT, -EINVAL, -EFAULT, -EILSEQ};
    int[] heard = {-EIO, -EIO, -ENOSPC, -EIO, -ENOMEM, -ETIMEDOUT, -EINVAL, -EIO, -EILSEQ};
    for (int i = 0; i < told.length; i++) {
      int read = disk.read(0, t.memory((long) PAGE));
      unit.commitTag(ring, unit.takeTag(ring), told[i]);
      Claim.result("read that got " + told[i], heard[i], disk.await(read));
    }
  }

  @Case
  @Spec("5.2-12: a write waits until the buffer is good; nobody hears of it before")
  public void writeIntoABadBufferIsTriedAgain(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, 0, 1);
    unit.open();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, Rig.UNMAPPED);
    ring.submitAll();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    int write = disk.write(0, t.memory((long) PAGE));
    ring.expectQuiet();
    Claim.that("the write waits", !disk.isDone(write));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("5.2-13")
  public void readFromABadBufferFails(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    Disk disk = unit.disk();
    MemorySegment into = t.memory((long) PAGE);
    int read = disk.read(0, into);
    Claim.equal("tag", 0, unit.takeTag(ring));
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE)
        .cmdLong(IoCmd.ADDR, Rig.UNMAPPED);
    ring.expectNothing();
    Claim.result("read", -EIO, disk.await(read));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("5.2-13: what could not be copied comes again")
  public void halfABufferGivesHalfARead(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    Disk disk = unit.disk();
    MemorySegment page = t.pageBeforeHole();
    int read = disk.read(0, t.memory(2L * PAGE));
    Claim.equal("tag", 0, unit.takeTag(ring));
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, 2 * PAGE)
        .cmdLong(IoCmd.ADDR, page.address());
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    expectDescriptor(unit, 0, UBLK_IO_OP_READ, 8, 8, page.address());
    unit.commitTag(ring, 0, PAGE);
    Claim.result("read", 0, disk.await(read));
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec("5.2-14")
  public void halfABufferTakesHalfAWrite(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, 0, 1);
    unit.open();
    MemorySegment page = t.pageBeforeHole();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, page.address());
    ring.submitAll();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    int write = disk.write(0, t.memory(2L * PAGE).fill((byte) 4));
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    expectDescriptor(unit, 0, UBLK_IO_OP_WRITE, 8, 0, page.address());
    Claim.equal("data", (byte) 4, page.get(JAVA_BYTE, PAGE - 1));
    unit.commitTag(ring, 0, PAGE);
    Claim.result("write", 0, disk.await(write));
  }

  @Case
  @Spec({"5.2-1", "5.2-2", "5.2-3"})
  public void descriptorsAreMappedReadOnlyAndWhole(Rig t) {
    UblkUnit unit = UblkUnit.add(t, 0, 4);
    unit.open();
    Claim.equal("second open", -EBUSY, unit.tryOpen());
    Claim.equal("to write", EPERM, mapErrno(t, unit, 0, PAGE, Kernel.PROT_WRITE));
    Claim.equal("queue 1", EINVAL, mapErrno(t, unit, UblkUnit.secondArea(), PAGE, 0));
    Claim.equal("two pages", EINVAL, mapErrno(t, unit, 0, 2 * PAGE, 0));
    Claim.equal("right", 0, mapErrno(t, unit, 0, PAGE, 0));
  }

  private static int mapErrno(Rig t, UblkUnit unit, long offset, long length, int protection) {
    try {
      var mapped = t.kernel().map(unit.fd(), offset, length, Kernel.PROT_READ | protection);
      t.kernel().unmap(mapped);
      return 0;
    } catch (ErrnoException e) {
      return e.errno();
    }
  }

  @Case
  @Needs(Need.LINUX_7)
  @Spec({"7u-15", "5.2-8", "5.2-9"})
  public void userCopyReadsAndWritesTheServersFile(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_BATCH_IO | UBLK_F_USER_COPY, 4);
    unit.open();
    MemorySegment elements = t.memory(4L * 8);
    for (int i = 0; i < 4; i++) elements.set(JAVA_SHORT, i * 8L, (short) i);
    plain(unit.batch(ring, 1, UBLK_U_IO_PREP_IO_CMDS, elements, 4));
    ring.expect(cqe(1, 0));
    Claim.result("START_DEV", 0, unit.start());
    BufferGroup group = t.group(ring, 7, 4).provide(0, 4, 64);
    unit.fetch(ring, 2, 7);
    Disk disk = unit.disk();
    MemorySegment into = t.memory((long) PAGE);
    int read = disk.read(0, into);
    int tag = group.buffer(ring.takeOne().bid()).get(JAVA_SHORT, 0);
    expectDescriptor(unit, tag, UBLK_IO_OP_READ, 8, 0, 0);
    MemorySegment data = t.memory((long) PAGE).fill((byte) 6);
    long place = UBLKSRV_IO_BUF_OFFSET + ((long) tag << UBLK_TAG_OFF);
    ring.sqe(3).read(unit.fd(), data.address(), PAGE, place);
    ring.expect(cqe(3, -EACCES));
    ring.sqe(4).write(unit.fd(), data.address(), PAGE, place + PAGE + 1);
    ring.expect(cqe(4, -EINVAL));
    int idle = (tag + 1) % 4;
    long idlePlace = UBLKSRV_IO_BUF_OFFSET + ((long) idle << UBLK_TAG_OFF);
    ring.sqe(5).write(unit.fd(), data.address(), PAGE, idlePlace);
    ring.expect(cqe(5, -EINVAL));
    ring.sqe(6).write(unit.fd(), data.address(), PAGE, place + (1L << UBLK_QID_OFF));
    ring.expect(cqe(6, -EINVAL));
    ring.sqe(7).write(unit.fd(), data.address(), PAGE, place | UBLKSRV_IO_INTEGRITY_FLAG);
    ring.expect(cqe(7, -EINVAL));
    ring.sqe(8).write(unit.fd(), Rig.UNMAPPED, PAGE, place);
    ring.expect(cqe(8, 0));
    ring.sqe(9).write(unit.fd(), data.address(), PAGE, place);
    ring.expect(cqe(9, PAGE));
    elements.set(JAVA_SHORT, 0, (short) tag);
    elements.set(JAVA_INT, 4, PAGE);
    plain(unit.batch(ring, 10, UBLK_U_IO_COMMIT_IO_CMDS, elements, 1));
    ring.expect(cqe(10, 8));
    Claim.result("read", 0, disk.await(read));
    Claim.equal("data", (byte) 6, into.get(JAVA_BYTE, PAGE - 1));
  }

  private static void plain(dev.ringshot.abi.Sqe sqe) {
    sqe.cmdShort(BatchIo.FLAGS, 0).cmdByte(BatchIo.ELEM_BYTES, 8);
  }

  @Case
  @Spec("5.2-8")
  public void withoutUserCopyTheServersFileIsNotReadOrWritten(Rig t) {
    RawRing ring = t.ring(16);
    UblkUnit unit = UblkUnit.serveTags(t, ring, 0, 1);
    MemorySegment data = t.memory((long) PAGE);
    ring.sqe(1).read(unit.fd(), data.address(), PAGE, UBLKSRV_IO_BUF_OFFSET);
    ring.expect(cqe(1, -EACCES));
  }

  private static void registerSlots(Rig t, RawRing ring, int count) {
    MemorySegment registration = t.memory(32L);
    registration.set(JAVA_INT, 0, count);
    registration.set(JAVA_INT, 4, IoUring.IORING_RSRC_REGISTER_SPARSE);
    int result = ring.register(IoUring.IORING_REGISTER_BUFFERS2, registration.address(), 32);
    Claim.result("REGISTER_BUFFERS2", 0, result);
  }

  @Case
  @Spec({"5.2-10", "5.2-11"})
  public void requestsDataIsARegisteredBuffer(Rig t) {
    RawRing ring = t.ring(16);
    registerSlots(t, ring, 2);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_SUPPORT_ZERO_COPY, 1);
    unit.open();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, 0);
    ring.submitAll();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    MemorySegment into = t.memory((long) PAGE);
    unit.tagCommand(ring, 1, UBLK_U_IO_REGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 0);
    ring.expect(cqe(1, -EBUSY));
    int read = disk.read(0, into);
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    expectDescriptor(unit, 0, UBLK_IO_OP_READ, 8, 0, 0);
    unit.tagCommand(ring, 2, UBLK_U_IO_REGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 2);
    ring.expect(cqe(2, -EINVAL));
    unit.tagCommand(ring, 3, UBLK_U_IO_REGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 1);
    ring.expect(cqe(3, 0));
    unit.tagCommand(ring, 4, UBLK_U_IO_REGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 1);
    ring.expect(cqe(4, -EBUSY));
    String file =
        t.file("ringshot".repeat(PAGE / 8).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    int fd = t.open(file, 0);
    ring.sqe(5).readFixed(fd, 0, PAGE, 0, 1);
    ring.expect(cqe(5, PAGE));
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE).cmdLong(IoCmd.ADDR, 0);
    ring.expectNothing();
    Claim.that("the read waits for the buffer", !disk.isDone(read));
    unit.tagCommand(ring, 6, UBLK_U_IO_UNREGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 1);
    ring.expect(cqe(6, 0));
    Claim.result("read", 0, disk.await(read));
    Claim.equal("data", (byte) 't', into.get(JAVA_BYTE, PAGE - 1));
    unit.tagCommand(ring, 7, UBLK_U_IO_UNREGISTER_IO_BUF, 0, 0).cmdLong(IoCmd.ADDR, 1);
    ring.expect(cqe(7, -EINVAL));
  }

  @Case
  @Spec("5.2-15")
  public void slotIsAllThatMayBeAsked(Rig t) {
    RawRing ring = t.ring(16);
    registerSlots(t, ring, 2);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_AUTO_BUF_REG, 1);
    unit.open();
    unit.tagCommand(ring, 1, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, 0).addr(1L << 17);
    ring.expect(cqe(1, -EINVAL));
  }

  @Case
  @Spec("5.2-15")
  public void automaticBufferGoesWithTheCommit(Rig t) {
    RawRing ring = t.ring(16);
    registerSlots(t, ring, 1);
    UblkUnit unit = UblkUnit.add(t, UBLK_F_AUTO_BUF_REG, 1);
    unit.open();
    unit.tagCommand(ring, TAG, UBLK_U_IO_FETCH_REQ, 0, 0).cmdLong(IoCmd.ADDR, 0).addr(0);
    ring.submitAll();
    Claim.result("START_DEV", 0, unit.start());
    Disk disk = unit.disk();
    MemorySegment into = t.memory((long) PAGE);
    int read = disk.read(0, into);
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    int fd = t.open("/dev/zero", 0);
    into.fill((byte) 1);
    ring.sqe(1).readFixed(fd, 0, PAGE, 0, 0);
    ring.expect(cqe(1, PAGE));
    long fallback = 5L | (long) UBLK_AUTO_BUF_REG_FALLBACK << 16; // there is no slot 5
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE)
        .cmdLong(IoCmd.ADDR, 0)
        .addr(fallback);
    ring.expectNothing();
    Claim.result("read", 0, disk.await(read));
    Claim.equal("data", (byte) 0, into.get(JAVA_BYTE, PAGE - 1));
    read = disk.read(0, into);
    ring.expect(cqe(TAG, UBLK_IO_RES_OK));
    expectDescriptor(unit, 0, UBLK_IO_OP_READ | UBLK_IO_F_NEED_REG_BUF, 8, 0, fallback);
    unit.tagCommand(ring, TAG, UBLK_U_IO_COMMIT_AND_FETCH_REQ, 0, PAGE)
        .cmdLong(IoCmd.ADDR, 0)
        .addr(5);
    ring.expectNothing();
    Claim.result("read", 0, disk.await(read));
    read = disk.read(0, into);
    Claim.result("read without a slot", -EIO, disk.await(read));
    ring.expectNothing();
  }
}
