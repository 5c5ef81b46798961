package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENXIO;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EOVERFLOW;
import static dev.ringshot.abi.IoUring.IORING_NOP_FIXED_BUFFER;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS2;
import static dev.ringshot.abi.IoUring.IORING_REGISTER_BUFFERS_UPDATE;
import static dev.ringshot.abi.IoUring.IORING_RSRC_REGISTER_SPARSE;
import static dev.ringshot.abi.IoUring.IORING_UNREGISTER_BUFFERS;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.RsrcRegister;
import dev.ringshot.abi.RsrcUpdate;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// Registered buffers: the table, and what reads and writes through it.
public final class RegisteredBufferCases {
  private static final int BUFFERS_MAX = 1 << 14;
  private static final long GIGABYTE = 1L << 30;
  private static final long TAG = 0x7a6;

  /// Topics are made by reflection.
  public RegisteredBufferCases() {}

  @Case
  @Spec("3.9-1")
  public void readsAndWritesGoThroughARegisteredBuffer(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.memory(8192L);
    Claim.result("BUFFERS", 0, register(t, ring, t.memory(64L), buffer));
    int fd = t.open(t.file((byte) 1, (byte) 2, (byte) 3, (byte) 4), Fcntl.O_RDWR);
    ring.sqe(1).readFixed(fd, buffer.address() + 100, 4, 0, 1);
    ring.expect(cqe(1, 4));
    Claim.equal("last byte", (byte) 4, buffer.get(JAVA_BYTE, 103));
    ring.sqe(2).writeFixed(fd, buffer.address() + 102, 2, 0, 1);
    ring.expect(cqe(2, 2));
    ring.sqe(3).read(fd, buffer.asSlice(0, 4), 0);
    ring.expect(cqe(3, 4));
    Claim.equal("first byte", (byte) 3, buffer.get(JAVA_BYTE, 0));
    Claim.equal("third byte", (byte) 3, buffer.get(JAVA_BYTE, 2));
  }

  @Case
  @Spec("3.9-2")
  public void rangeMustLieInTheBuffer(Rig t) {
    RawRing ring = t.ring(16);
    MemorySegment memory = t.memory(8192L);
    MemorySegment buffer = memory.asSlice(1024, 4096);
    Claim.result("BUFFERS", 0, register(t, ring, buffer));
    int fd = t.open("/dev/zero", Fcntl.O_RDWR);
    long start = buffer.address();
    ring.sqe(1).readFixed(fd, start, 4096, 0, 0);
    ring.sqe(2).readFixed(fd, start - 1, 1, 0, 0);
    ring.sqe(3).readFixed(fd, start + 4096, 1, 0, 0);
    ring.sqe(4).readFixed(fd, start + 1, 4096, 0, 0);
    ring.sqe(5).readFixed(fd, start + 4096, 0, 0, 0);
    ring.sqe(6).readFixed(fd, -1, 2, 0, 0);
    ring.sqe(7).writeFixed(fd, start, -1, 0, 0);
    ring.sqe(8).readFixed(fd, 0, 1, 0, 0);
    ring.expect(
        cqe(1, 4096),
        cqe(2, -EFAULT),
        cqe(3, -EFAULT),
        cqe(4, -EFAULT),
        cqe(5, 0),
        cqe(6, -EFAULT),
        cqe(7, -EFAULT),
        cqe(8, -EFAULT));
  }

  @Case
  @Spec({"3.9-2", "3.9-3"})
  public void indexThatNamesNoBufferIsEfault(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.memory(64L);
    int fd = t.open("/dev/zero", Fcntl.O_RDWR);
    ring.sqe(1).readFixed(fd, buffer.address(), 8, 0, 0);
    ring.expect(cqe(1, -EFAULT));
    Claim.result("BUFFERS2", 0, registerSparse(t, ring, 2));
    ring.sqe(2).readFixed(fd, buffer.address(), 8, 0, 1);
    ring.sqe(3).readFixed(fd, buffer.address(), 8, 0, 2);
    ring.sqe(4).readFixed(1_000_000, buffer.address(), 8, 0, 2);
    ring.sqe(5).readFixed(t.open("/dev/zero", Fcntl.O_WRONLY), buffer.address(), 8, 0, 2);
    ring.sqe(6).readFixed(fd, buffer.address(), 8, 0, 0).bufferSelect(0);
    ring.sqe(7).writeFixed(t.open("/dev/zero", Fcntl.O_RDONLY), buffer.address(), 8, 0, 2);
    ring.submitEach();
    ring.expectInAnyOrder(
        cqe(2, -EFAULT),
        cqe(3, -EFAULT),
        cqe(4, -EBADF),
        cqe(5, -EFAULT),
        cqe(6, -EOPNOTSUPP),
        cqe(7, -EFAULT));
  }

  @Case
  @Spec("3.9-3: then the file is looked at")
  public void fileIsJudgedAfterTheBuffer(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.memory(64L);
    Claim.result("BUFFERS", 0, register(t, ring, buffer));
    ring.sqe(1).readFixed(t.open("/dev/zero", Fcntl.O_WRONLY), buffer.address(), 8, 0, 0);
    ring.sqe(2).writeFixed(t.open("/dev/zero", Fcntl.O_RDONLY), buffer.address(), 8, 0, 0);
    ring.expect(cqe(1, -EBADF), cqe(2, -EBADF));
  }

  @Case
  @Spec("3.9-4")
  public void ringHasOneTable(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("none", -ENXIO, unregister(ring));
    Claim.result("BUFFERS", 0, register(t, ring, t.memory(64L)));
    Claim.result("again", -EBUSY, register(t, ring, t.memory(64L)));
    Claim.result("sparse", -EBUSY, registerSparse(t, ring, 1));
    Claim.result("unregister", 0, unregister(ring));
    Claim.result("unregister again", -ENXIO, unregister(ring));
    Claim.result("sparse", 0, registerSparse(t, ring, 1));
  }

  @Case
  @Spec("3.9-5")
  public void argumentsOfRegisterAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    long one = vector(t, t.memory(64L)).address();
    Claim.result("no argument", -EFAULT, ring.register(IORING_REGISTER_BUFFERS, 0, 1));
    Claim.result("fault", -EFAULT, ring.register(IORING_REGISTER_BUFFERS, Rig.UNMAPPED, 1));
    Claim.result("none", -EINVAL, ring.register(IORING_REGISTER_BUFFERS, one, 0));
    Claim.result("many", -EINVAL, ring.register(IORING_REGISTER_BUFFERS, one, BUFFERS_MAX + 1));
    Claim.result("argument", -EINVAL, ring.register(IORING_UNREGISTER_BUFFERS, one, 0));
    Claim.result("count", -EINVAL, ring.register(IORING_UNREGISTER_BUFFERS, 0, 1));
    Claim.result("most", 0, registerSparse(t, ring, BUFFERS_MAX));
  }

  @Case
  @Spec("3.9-6")
  public void eachBufferIsChecked(Rig t) {
    RawRing ring = t.ring(8);
    long good = t.memory(64L).address();
    Claim.result("length 0", -EFAULT, registerOne(t, ring, good, 0));
    Claim.result("length without address", -EFAULT, registerOne(t, ring, 0, 8));
    Claim.result("more than 1 GiB", -EFAULT, registerOne(t, ring, good, GIGABYTE + 1));
    Claim.result("negative", -EINVAL, registerOne(t, ring, good, -1));
    Claim.result("beyond 64 bits", -EOVERFLOW, registerOne(t, ring, -4096, 8192));
    Claim.result("kernel's", -EFAULT, registerOne(t, ring, Rig.KERNEL_RANGE, 8));
    Claim.result("unmapped", -EFAULT, registerOne(t, ring, Rig.UNMAPPED, 8));
    Claim.result("into a hole", -EFAULT, registerOne(t, ring, hole(t), 8192));
    long readOnly = t.readOnlyMemory(64L).address();
    Claim.result("read-only", -EFAULT, registerOne(t, ring, readOnly, 8));
    Claim.result("nothing stays", -ENXIO, unregister(ring));
    Claim.result("address 0", 0, registerOne(t, ring, 0, 0));
  }

  private static long hole(Rig t) {
    return t.pageBeforeHole().address();
  }

  @Case
  @Spec("3.9-6")
  public void oneBadBufferRefusesAll(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment vector = vector(t, t.memory(64L), t.memory(64L));
    vector.set(JAVA_LONG, Iovec.SIZE + Iovec.IOV_LEN, 0);
    Claim.result("second", -EFAULT, register(ring, vector, 2));
    Claim.result("nothing stays", -ENXIO, unregister(ring));
  }

  @Case
  @Spec("3.9-7")
  public void argumentsOfRegister2AreChecked(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment request = sparse(t, 4);
    Claim.result("short", -EINVAL, register2(ring, request, 8));
    Claim.result("long", -EINVAL, register2(ring, request, RsrcRegister.SIZE + 8));
    Claim.result("fault", -EFAULT, ring.register(IORING_REGISTER_BUFFERS2, Rig.UNMAPPED, 32));
    request.set(JAVA_LONG, RsrcRegister.RESV2, 1);
    Claim.result("reserved", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    request = sparse(t, 4);
    request.set(JAVA_INT, RsrcRegister.FLAGS, 2);
    Claim.result("unknown flag", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    request = sparse(t, 4);
    request.set(JAVA_LONG, RsrcRegister.DATA, vector(t, t.memory(64L)).address());
    Claim.result("sparse with data", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    Claim.result("none", -EINVAL, registerSparse(t, ring, 0));
    Claim.result("too many", -EINVAL, registerSparse(t, ring, BUFFERS_MAX + 1));
    Claim.result("nothing stays", -ENXIO, unregister(ring));
  }

  @Case
  @Spec("3.9-8")
  public void updateFillsReplacesAndEmpties(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment first = t.memory(64L);
    MemorySegment second = t.memory(64L);
    int fd = t.open("/dev/zero", Fcntl.O_RDWR);
    Claim.result("BUFFERS2", 0, registerSparse(t, ring, 4));
    Claim.result("UPDATE", 2, update(t, ring, 2, vector(t, first, second), 2));
    ring.sqe(1).readFixed(fd, second.address(), 8, 0, 3);
    ring.sqe(2).readFixed(fd, first.address(), 8, 0, 2);
    ring.expect(cqe(1, 8), cqe(2, 8));
    Claim.result("UPDATE", 2, update(t, ring, 2, t.memory(2L * Iovec.SIZE), 2));
    ring.sqe(3).readFixed(fd, second.address(), 8, 0, 3);
    ring.expect(cqe(3, -EFAULT));
  }

  @Case
  @Spec("3.9-8")
  public void updateStopsAtTheFirstBadBufferAndLeavesItsSlot(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment kept = t.memory(64L);
    int fd = t.open("/dev/zero", Fcntl.O_RDWR);
    Claim.result("BUFFERS", 0, register(t, ring, kept, kept, kept));
    MemorySegment vector = vector(t, t.memory(64L), kept, kept);
    vector.set(JAVA_LONG, Iovec.SIZE + Iovec.IOV_LEN, 0);
    Claim.result("second bad", 1, update(t, ring, 0, vector, 3));
    Claim.result("first bad", -EFAULT, update(t, ring, 1, vector.asSlice(Iovec.SIZE), 2));
    ring.sqe(1).readFixed(fd, kept.address(), 8, 0, 0);
    ring.sqe(2).readFixed(fd, kept.address(), 8, 0, 1);
    ring.expect(cqe(1, -EFAULT), cqe(2, 8));
  }

  @Case
  @Spec("3.9-9")
  public void argumentsOfUpdateAreChecked(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment vector = vector(t, t.memory(64L), t.memory(64L));
    Claim.result("no table", -ENXIO, update(t, ring, 0, vector, 1));
    Claim.result("BUFFERS", 0, register(t, ring, t.memory(64L), t.memory(64L)));
    Claim.result("none", -EINVAL, update(t, ring, 0, vector, 0));
    Claim.result("beyond", -EINVAL, update(t, ring, 1, vector, 2));
    Claim.result("overflow", -EOVERFLOW, update(t, ring, -1, vector, 2));
    MemorySegment update = updateOf(t, 0, Rig.UNMAPPED, 1);
    int opcode = IORING_REGISTER_BUFFERS_UPDATE;
    Claim.result("vector fault", -EFAULT, ring.register(opcode, update.address(), 32));
    Claim.result("size", -EINVAL, ring.register(opcode, update.address(), 24));
    Claim.result("fault", -EFAULT, ring.register(opcode, Rig.UNMAPPED, 32));
    update.set(JAVA_INT, RsrcUpdate.RESV, 1);
    Claim.result("reserved", -EINVAL, ring.register(opcode, update.address(), 32));
    update = updateOf(t, 0, vector.address(), 1);
    update.set(JAVA_INT, RsrcUpdate.RESV2, 1);
    Claim.result("reserved too", -EINVAL, ring.register(opcode, update.address(), 32));
  }

  @Case
  @Spec("3.9-10")
  public void memoryStaysRegisteredThoughItIsUnmapped(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.kernel().map(-1, 0, 4096, 3);
    long address = buffer.address();
    Claim.result("BUFFERS", 0, register(t, ring, buffer));
    Claim.result("munmap", 0, t.kernel().unmap(buffer));
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    ring.sqe(1).readFixed(fd, address + 8, 8, 0, 0);
    ring.sqe(2).writeFixed(fd, address, 16, 0, 0);
    ring.expect(cqe(1, 8), cqe(2, 16));
  }

  @Case
  @Spec("3.9-11")
  public void requestInFlightKeepsTheBufferItStartedWith(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.memory(64L);
    int eventfd = t.eventfd();
    Claim.result("BUFFERS", 0, register(t, ring, buffer));
    ring.sqe(1).readFixed(eventfd, buffer.address(), 8, 0, 0);
    ring.submitAll();
    Claim.result("unregister", 0, unregister(ring));
    t.signal(eventfd);
    ring.expect(cqe(1, 8));
    Claim.equal("read", 1L, buffer.get(JAVA_LONG, 0));
  }

  @Case
  @Spec("3.9-12")
  public void tagIsPostedWhenItsBufferIsNotUsedAnyMore(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment buffer = t.memory(64L);
    int eventfd = t.eventfd();
    MemorySegment request = t.memory((long) RsrcRegister.SIZE);
    request.set(JAVA_INT, RsrcRegister.NR, 2);
    request.set(JAVA_LONG, RsrcRegister.DATA, vector(t, buffer, buffer).address());
    MemorySegment tags = t.memory(16L);
    tags.set(JAVA_LONG, 0, TAG);
    request.set(JAVA_LONG, RsrcRegister.TAGS, tags.address());
    Claim.result("BUFFERS2", 0, register2(ring, request, RsrcRegister.SIZE));
    ring.sqe(1).readFixed(eventfd, buffer.address(), 8, 0, 0);
    ring.sqe(TAG).nop(); // so that checkers know of it
    ring.expect(cqe(TAG, 0));
    ring.sqe(TAG).nop().skipSuccess();
    ring.submitAll();
    Claim.result("UPDATE", 1, update(t, ring, 0, t.memory((long) Iovec.SIZE), 1));
    ring.expectNothing();
    t.signal(eventfd);
    ring.expectInAnyOrder(cqe(1, 8), cqe(TAG, 0));
  }

  @Case
  @Spec("3.9-12")
  public void tagOfNoBufferIsInvalid(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment request = sparse(t, 1);
    MemorySegment tags = t.memory(8L);
    tags.set(JAVA_LONG, 0, TAG);
    request.set(JAVA_LONG, RsrcRegister.TAGS, tags.address());
    Claim.result("BUFFERS2", -EINVAL, register2(ring, request, RsrcRegister.SIZE));
    request.set(JAVA_LONG, RsrcRegister.TAGS, Rig.UNMAPPED);
    Claim.result("fault", -EFAULT, register2(ring, request, RsrcRegister.SIZE));
    ring.expectNothing();
  }

  @Case
  @Spec("3.9-13")
  public void nopLooksForItsBuffer(Rig t) {
    RawRing ring = t.ring(8);
    Claim.result("BUFFERS", 0, register(t, ring, t.memory(64L)));
    ring.sqe(1).nop().opFlags(IORING_NOP_FIXED_BUFFER);
    ring.sqe(2).nop().opFlags(IORING_NOP_FIXED_BUFFER).bufIndex(1);
    ring.expect(cqe(1, 0), cqe(2, -EFAULT));
  }

  // ---- the calls

  private static int register(Rig t, RawRing ring, MemorySegment... buffers) {
    return register(ring, vector(t, buffers), buffers.length);
  }

  private static int register(RawRing ring, MemorySegment vector, int count) {
    return ring.register(IORING_REGISTER_BUFFERS, vector.address(), count);
  }

  private static int registerOne(Rig t, RawRing ring, long address, long length) {
    MemorySegment vector = t.memory((long) Iovec.SIZE);
    vector.set(JAVA_LONG, Iovec.IOV_BASE, address);
    vector.set(JAVA_LONG, Iovec.IOV_LEN, length);
    return register(ring, vector, 1);
  }

  private static int registerSparse(Rig t, RawRing ring, int count) {
    return register2(ring, sparse(t, count), RsrcRegister.SIZE);
  }

  private static MemorySegment sparse(Rig t, int count) {
    MemorySegment request = t.memory((long) RsrcRegister.SIZE);
    request.set(JAVA_INT, RsrcRegister.NR, count);
    request.set(JAVA_INT, RsrcRegister.FLAGS, IORING_RSRC_REGISTER_SPARSE);
    return request;
  }

  private static int register2(RawRing ring, MemorySegment request, int size) {
    return ring.register(IORING_REGISTER_BUFFERS2, request.address(), size);
  }

  private static int unregister(RawRing ring) {
    return ring.register(IORING_UNREGISTER_BUFFERS, 0, 0);
  }

  private static int update(Rig t, RawRing ring, int index, MemorySegment vector, int count) {
    MemorySegment update = updateOf(t, index, vector.address(), count);
    return ring.register(IORING_REGISTER_BUFFERS_UPDATE, update.address(), (int) update.byteSize());
  }

  private static MemorySegment updateOf(Rig t, int index, long vector, int count) {
    MemorySegment update = t.memory((long) RsrcUpdate.SIZE);
    update.set(JAVA_INT, RsrcUpdate.OFFSET, index);
    update.set(JAVA_LONG, RsrcUpdate.DATA, vector);
    update.set(JAVA_INT, RsrcUpdate.NR, count);
    return update;
  }

  private static MemorySegment vector(Rig t, MemorySegment... buffers) {
    MemorySegment vector = t.memory((long) Iovec.SIZE * buffers.length);
    for (int i = 0; i < buffers.length; i++) {
      vector.set(JAVA_LONG, (long) i * Iovec.SIZE + Iovec.IOV_BASE, buffers[i].address());
      vector.set(JAVA_LONG, (long) i * Iovec.SIZE + Iovec.IOV_LEN, buffers[i].byteSize());
    }
    return vector;
  }
}
