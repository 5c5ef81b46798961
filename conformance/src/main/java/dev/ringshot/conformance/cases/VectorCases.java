package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.Iovec;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// READV and WRITEV, and FALLOCATE.
public final class VectorCases {
  private static final int RANGES_MAX = 1024;

  /// Topics are made by reflection.
  public VectorCases() {}

  @Case
  @Spec("4.7-1")
  public void readIsScattered(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = t.memory(64L);
    int fd = t.open(t.file((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5), Fcntl.O_RDWR);
    long start = memory.address();
    ring.sqe(1).readv(fd, vector(t, start + 8, 2, 0, 0, start, 1, start + 32, 8), 4, 1);
    ring.expect(cqe(1, 4));
    Claim.equal("first", (byte) 2, memory.get(JAVA_BYTE, 8));
    Claim.equal("second", (byte) 3, memory.get(JAVA_BYTE, 9));
    Claim.equal("third", (byte) 4, memory.get(JAVA_BYTE, 0));
    Claim.equal("fourth", (byte) 5, memory.get(JAVA_BYTE, 32));
  }

  @Case
  @Spec("4.7-1")
  public void writeIsGathered(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = t.memory((byte) 1, (byte) 2, (byte) 3, (byte) 4);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    long start = memory.address();
    ring.sqe(1).writev(fd, vector(t, start + 2, 2, start, 2), 2, 1);
    ring.expect(cqe(1, 4));
    MemorySegment all = t.memory(8L);
    ring.sqe(2).read(fd, all, 0);
    ring.expect(cqe(2, 8));
    byte[] expected = {0, 3, 4, 1, 2, 0, 0, 0};
    for (int i = 0; i < 8; i++) Claim.equal("byte " + i, expected[i], all.get(JAVA_BYTE, i));
  }

  @Case
  @Spec("4.7-1")
  public void rangesMayDivideWhatAFileMovesAsAWhole(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = t.memory(64L);
    int eventfd = t.own("eventfd", t.host().eventfd(0x0102_0304, 0));
    long start = memory.address();
    ring.sqe(1).readv(eventfd, vector(t, start, 3, start + 16, 5), 2, 0);
    ring.expect(cqe(1, 8));
    Claim.equal("lower", 0x020304L, memory.get(JAVA_LONG, 0));
    Claim.equal("upper", 1L, memory.get(JAVA_LONG, 16));
  }

  @Case
  @Spec("4.7-2")
  public void readThatWaitsGoesWhereItWasMeantTo(Rig t) {
    RawRing ring = t.ring(8);
    MemorySegment memory = t.memory(64L);
    int eventfd = t.eventfd();
    MemorySegment vector = t.memory(32L);
    vector.set(JAVA_LONG, 0, memory.address());
    vector.set(JAVA_LONG, 8, 4);
    vector.set(JAVA_LONG, 16, memory.address() + 8);
    vector.set(JAVA_LONG, 24, 4);
    ring.sqe(1).readv(eventfd, vector.address(), 2, 0);
    ring.submitAll();
    vector.fill((byte) 0xff);
    t.signal(eventfd);
    ring.expect(cqe(1, 8));
    Claim.equal("read", 1L, memory.get(JAVA_LONG, 0));
  }

  @Case
  @Spec("4.7-3")
  public void vectorIsCheckedWhenPrepared(Rig t) {
    RawRing ring = t.ring(16);
    long start = t.memory(64L).address();
    long good = vector(t, start, 8);
    ring.sqe(1).readv(-1, Rig.UNMAPPED, 1, 0);
    ring.sqe(2).readv(-1, good, RANGES_MAX + 1, 0);
    ring.sqe(3).readv(-1, vector(t, start, -1), 1, 0);
    ring.sqe(4).readv(-1, vector(t, start, 8, Rig.KERNEL_RANGE, 8), 2, 0);
    ring.sqe(5).writev(-1, vector(t, start, 8, start, Long.MIN_VALUE), 2, 0);
    ring.sqe(6).writev(-1, good, -1, 0);
    ring.sqe(7).writev(-1, good, 1, 0);
    ring.submitEach();
    ring.expect(
        cqe(1, -EFAULT),
        cqe(2, -EINVAL),
        cqe(3, -EINVAL),
        cqe(4, -EFAULT),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL),
        cqe(7, -EBADF));
  }

  @Case
  @Spec("4.7-3")
  public void emptyVectorMovesNothing(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    ring.sqe(1).readv(fd, 0, 0, 0);
    ring.sqe(2).writev(fd, vector(t, 0, 0, 0, 0), 2, 0);
    ring.expect(cqe(1, 0), cqe(2, 0));
  }

  @Case
  @Spec({"4.7-4", "4.4-4"})
  public void readStopsAtTheFirstBadRange(Rig t) {
    RawRing ring = t.ring(8);
    long start = t.memory(64L).address();
    int fd = t.open(t.file(new byte[64]), Fcntl.O_RDWR);
    ring.sqe(1).readv(fd, vector(t, start, 8, Rig.UNMAPPED, 8, start, 8), 3, 0).link();
    ring.sqe(2).nop();
    ring.expect(cqe(1, 8), cqe(2, -ECANCELED));
    ring.sqe(3).readv(fd, vector(t, Rig.UNMAPPED, 8, start, 8), 2, 0);
    ring.expect(cqe(3, -EFAULT));
  }

  @Case
  @Spec({"4.7-5", "1.2-5"})
  public void vectoredReadTakesAProvidedBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, 1, 4).provide(0, 2, 16);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    ring.sqe(1).readv(fd, vector(t, 0, 8), 1, 0).bufferSelect(1);
    ring.sqe(2).readv(fd, vector(t, 0, 100), 1, 0).bufferSelect(1);
    ring.sqe(3).readv(fd, vector(t, 0, 8), 1, 0).bufferSelect(1);
    ring.sqe(4).readv(fd, vector(t, 0, 8, 0, 8), 2, 0).bufferSelect(1);
    ring.sqe(5).readv(fd, Rig.UNMAPPED, 1, 0).bufferSelect(1);
    ring.submitEach();
    ring.expect(
        cqe(1, 8, buffer(0)),
        cqe(2, 16, buffer(1)),
        cqe(3, -ENOBUFS),
        cqe(4, -EINVAL),
        cqe(5, -EFAULT));
    group.expectHead(2);
  }

  @Case
  @Needs(Need.HOST_FILES)
  @Spec("4.7-7")
  public void appendingWriteGoesToTheEndWhereverItSays(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    MemorySegment memory = t.memory(16L);
    ring.sqe(1).write(fd, memory.asSlice(0, 4), 0).opFlags(Fcntl.RWF_APPEND | Fcntl.RWF_DSYNC);
    ring.expect(cqe(1, 4));
    ring.sqe(2).read(fd, memory, 0);
    ring.expect(cqe(2, 12));
  }

  @Case
  @Needs(Need.ALLOCATION)
  @Spec("4.7-6")
  public void allocationMakesAFileLonger(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    ring.sqe(1).fallocate(fd, 0, 0, 4096);
    ring.expect(cqe(1, 0));
    ring.sqe(2).read(fd, t.memory(8192L), 0);
    ring.expect(cqe(2, 4096));
  }

  @Case
  @Spec("4.7-6")
  public void allocationIsChecked(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    ring.sqe(1).fallocate(fd, 0, 0, 0);
    ring.sqe(2).fallocate(fd, 0, -1, 8);
    ring.sqe(3).fallocate(1_000_000, 0, 0, 8);
    ring.sqe(4).fallocate(fd, 0, 0, 8).bufIndex(1);
    ring.sqe(5).fallocate(fd, 0, 0, 8).fileIndex(1);
    ring.sqe(6).fallocate(fd, 0, 0, 8).opFlags(1);
    ring.submitEach();
    ring.expectInAnyOrder(
        cqe(1, -EINVAL),
        cqe(2, -EINVAL),
        cqe(3, -EBADF),
        cqe(4, -EINVAL),
        cqe(5, -EINVAL),
        cqe(6, -EINVAL));
  }

  @Case
  @Spec({"4.7-6", "4.4-30: of FALLOCATE too"})
  public void failedAllocationBreaksNoChain(Rig t) {
    RawRing ring = t.ring(8);
    int fd = t.open(t.file(new byte[8]), Fcntl.O_RDWR);
    int readOnly = t.open(t.file(new byte[8]), Fcntl.O_RDONLY);
    ring.sqe(1).fallocate(fd, 0, 0, 0).link();
    ring.sqe(2).fallocate(readOnly, 0, 0, 8).link();
    ring.sqe(3).nop();
    ring.expect(cqe(1, -EINVAL), cqe(2, -EBADF), cqe(3, 0));
  }

  private static long vector(Rig t, long... ranges) {
    MemorySegment vector = t.memory((long) Iovec.SIZE * RANGES_MAX * 2);
    MemorySegment.copy(ranges, 0, vector, JAVA_LONG, 0, ranges.length);
    return vector.address();
  }
}
