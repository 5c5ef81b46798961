package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EMSGSIZE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.ringshot.abi.IoUring.IORING_RECV_MULTISHOT;
import static dev.ringshot.abi.IoUring.IORING_SETUP_SUBMIT_ALL;
import static dev.ringshot.abi.Socket.MSG_DONTWAIT;
import static dev.ringshot.abi.Socket.MSG_TRUNC;
import static dev.ringshot.abi.Socket.SOCK_DGRAM;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Iovec;
import dev.ringshot.abi.Msghdr;
import dev.ringshot.abi.RecvmsgOut;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// SENDMSG and RECVMSG: many ranges, names, and the head of a multishot's buffers.
public final class MessageCases {
  private static final int GROUP = 1;
  private static final int VECTORS = 64; // where in a header's memory
  private static final int NAME = 512;
  private static final int BYTES = 1024;

  /// Topics are made by reflection.
  public MessageCases() {}

  /// A `struct msghdr` of ranges of its own memory.
  ///
  /// @param ranges offset and length of each
  private static MemorySegment header(Rig t, int nameLength, long controlLength, long... ranges) {
    MemorySegment memory = t.memory(4096L);
    for (int i = 0; i < ranges.length; i += 2) {
      long at = VECTORS + (long) i / 2 * Iovec.SIZE;
      memory.set(JAVA_LONG, at + Iovec.IOV_BASE, memory.address() + ranges[i]);
      memory.set(JAVA_LONG, at + Iovec.IOV_LEN, ranges[i + 1]);
    }
    if (nameLength != 0) memory.set(JAVA_LONG, Msghdr.MSG_NAME, memory.address() + NAME);
    memory.set(JAVA_INT, Msghdr.MSG_NAMELEN, nameLength);
    memory.set(JAVA_LONG, Msghdr.MSG_IOV, memory.address() + VECTORS);
    memory.set(JAVA_LONG, Msghdr.MSG_IOVLEN, ranges.length / 2);
    memory.set(JAVA_LONG, Msghdr.MSG_CONTROLLEN, controlLength);
    return memory;
  }

  @Case
  @Spec("8.3-1")
  public void rangesAreOneMessage(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_DGRAM);
    MemorySegment out = header(t, 0, 0, BYTES, 3, BYTES + 100, 0, BYTES + 200, 4);
    out.set(JAVA_BYTE, BYTES + 2, (byte) 7);
    out.set(JAVA_BYTE, BYTES + 203, (byte) 9);
    MemorySegment in = header(t, 0, 0, BYTES, 2, BYTES + 300, 10);
    ring.sqe(1).sendmsg(pair.far(), out.address(), 0);
    ring.sqe(2).recvmsg(pair.near(), in.address(), 0);
    ring.expect(cqe(1, 7), cqe(2, 7));
    Claim.equal("third byte", (byte) 7, in.get(JAVA_BYTE, BYTES + 300));
    Claim.equal("last byte", (byte) 9, in.get(JAVA_BYTE, BYTES + 304));
  }

  @Case
  @Spec("8.3-2")
  public void receivingFillsTheHeaderIn(Rig t) {
    RawRing ring = t.ring(8);
    int receiver = t.own("socket", t.host().udpSocket());
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, receiver));
    t.write(sender, 20);
    MemorySegment in = header(t, 100, 0, BYTES, 4);
    ring.sqe(1).recvmsg(receiver, in.address(), 0);
    ring.expect(cqe(1, 4));
    Claim.equal("namelen", Socket.SOCKADDR_IN_SIZE, in.get(JAVA_INT, Msghdr.MSG_NAMELEN));
    Claim.equal("family", (byte) Socket.AF_INET, in.get(JAVA_BYTE, NAME));
    Claim.equal("flags", MSG_TRUNC, in.get(JAVA_INT, Msghdr.MSG_FLAGS));
    Claim.equal("controllen", 0L, in.get(JAVA_LONG, Msghdr.MSG_CONTROLLEN));
    ring.sqe(2).recvmsg(receiver, in.address(), MSG_DONTWAIT);
    ring.expect(cqe(2, -EAGAIN));
  }

  @Case
  @Spec("8.3-2: without a name")
  public void unnamedSenderHasNoAddress(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_DGRAM);
    t.write(pair.far(), 4);
    MemorySegment in = header(t, 100, 0, BYTES, 4);
    ring.sqe(1).recvmsg(pair.near(), in.address(), 0);
    ring.expect(cqe(1, 4));
    Claim.equal("namelen", 0, in.get(JAVA_INT, Msghdr.MSG_NAMELEN));
  }

  @Case
  @Spec("8.3-3")
  public void badHeadersAreRefused(Rig t) {
    RawRing ring = t.ring(16, IORING_SETUP_SUBMIT_ALL);
    int fd = t.socketPair(SOCK_STREAM).near();
    MemorySegment fine = header(t, 0, 0, BYTES, 8);
    MemorySegment negative = header(t, 0, 0, BYTES, -1);
    MemorySegment many = header(t, 0, 0, BYTES, 8);
    many.set(JAVA_LONG, Msghdr.MSG_IOVLEN, 1025);
    MemorySegment nowhere = header(t, 0, 0, BYTES, 8);
    nowhere.set(JAVA_LONG, Msghdr.MSG_IOV, Rig.UNMAPPED);
    MemorySegment kernels = header(t, 0, 0, BYTES, 8);
    kernels.set(JAVA_LONG, VECTORS, Rig.KERNEL_RANGE);
    ring.sqe(1).sendmsg(fd, Rig.UNMAPPED, 0);
    ring.sqe(2).sendmsg(fd, negative.address(), 0);
    ring.sqe(3).sendmsg(fd, many.address(), 0);
    ring.sqe(4).sendmsg(fd, nowhere.address(), 0);
    ring.sqe(5).sendmsg(fd, kernels.address(), 0);
    ring.sqe(6).sendmsg(fd, header(t, -1, 0, BYTES, 8).address(), 0);
    ring.sqe(7).sendmsg(fd, fine.address(), 0).off(1);
    ring.sqe(8).sendmsg(fd, fine.address(), 0).fileIndex(1);
    ring.sqe(9).sendmsg(fd, fine.address(), 0).ioprio(IORING_RECVSEND_BUNDLE);
    ring.sqe(10).recvmsg(fd, fine.address(), 0).ioprio(IORING_RECVSEND_BUNDLE);
    ring.sqe(11).recvmsg(fd, Rig.UNMAPPED, 0);
    ring.sqe(12).recvmsg(fd, fine.address(), 0).ioprio(IORING_RECV_MULTISHOT);
    ring.expect(
        cqe(1, -EFAULT),
        cqe(2, -EINVAL),
        cqe(3, -EMSGSIZE),
        cqe(4, -EFAULT),
        cqe(5, -EFAULT),
        cqe(6, -EINVAL),
        cqe(7, -EINVAL),
        cqe(8, -EINVAL),
        cqe(9, -EINVAL),
        cqe(10, -EINVAL),
        cqe(11, -EFAULT),
        cqe(12, -EINVAL));
  }

  @Case
  @Spec("8.3-4")
  public void multishotPutsAHeadBeforeEachMessage(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 64);
    int receiver = t.own("socket", t.host().udpSocket());
    int sender = t.own("socket", t.host().udpSocket());
    Claim.result("connect", 0, t.host().udpConnect(sender, receiver));
    MemorySegment in = header(t, 20, 8);
    arm(ring, receiver, in);
    MemorySegment bytes = t.memory(50L);
    bytes.set(JAVA_BYTE, 0, (byte) 5);
    t.write(sender, bytes.asSlice(0, 6));
    ring.expect(cqe(1, RecvmsgOut.SIZE + 20 + 8 + 6, buffer(0) | IORING_CQE_F_MORE));
    expectHead(group.buffer(0), Socket.SOCKADDR_IN_SIZE, 6, 0);
    Claim.equal("name", (byte) Socket.AF_INET, group.buffer(0).get(JAVA_BYTE, RecvmsgOut.SIZE));
    int payload = RecvmsgOut.SIZE + 20 + 8;
    Claim.equal("payload", (byte) 5, group.buffer(0).get(JAVA_BYTE, payload));
    t.write(sender, bytes);
    ring.expect(cqe(1, 64, buffer(1) | IORING_CQE_F_MORE));
    expectHead(group.buffer(1), Socket.SOCKADDR_IN_SIZE, 20, MSG_TRUNC);
    t.write(sender, bytes.asSlice(0, 0));
    ring.expect(cqe(1, RecvmsgOut.SIZE + 20 + 8, buffer(2)));
  }

  private static void arm(RawRing ring, int fd, MemorySegment header) {
    ring.sqe(1).recvmsg(fd, header.address(), 0).ioprio(IORING_RECV_MULTISHOT).bufferSelect(GROUP);
    ring.expectNothing();
  }

  private static void expectHead(MemorySegment head, int name, int payload, int flags) {
    Claim.equal("namelen", name, head.get(JAVA_INT, RecvmsgOut.NAMELEN));
    Claim.equal("controllen", 0, head.get(JAVA_INT, RecvmsgOut.CONTROLLEN));
    Claim.equal("payloadlen", payload, head.get(JAVA_INT, RecvmsgOut.PAYLOADLEN));
    Claim.equal("flags", flags, head.get(JAVA_INT, RecvmsgOut.FLAGS));
  }

  @Case
  @Spec("8.3-5")
  public void bufferTooSmallForTheHeadIsEfault(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 40);
    Ends pair = t.socketPair(SOCK_DGRAM);
    t.write(pair.far(), 4);
    ring.sqe(1)
        .recvmsg(pair.near(), header(t, 20, 8).address(), 0)
        .ioprio(IORING_RECV_MULTISHOT)
        .bufferSelect(GROUP);
    ring.expect(cqe(1, -EFAULT));
    group.expectHead(0);
  }

  @Case
  @Spec("8.3-6")
  public void selectingTakesOneRangeAsALength(Rig t) {
    RawRing ring = t.ring(8, IORING_SETUP_SUBMIT_ALL);
    t.group(ring, GROUP, 8).provide(0, 4, 40);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.write(pair.far(), 10);
    MemorySegment two = header(t, 0, 0, BYTES, 4, BYTES, 4);
    ring.sqe(1).recvmsg(pair.near(), two.address(), 0).bufferSelect(GROUP);
    ring.sqe(2).recvmsg(pair.near(), header(t, 0, 0, BYTES, 4).address(), 0).bufferSelect(GROUP);
    ring.sqe(3)
        .recvmsg(pair.near(), two.address(), 0)
        .ioprio(IORING_RECV_MULTISHOT)
        .bufferSelect(GROUP)
        .optlen(3);
    ring.expect(
        cqe(1, -EINVAL), cqe(2, 4, buffer(0) | IORING_CQE_F_SOCK_NONEMPTY), cqe(3, -EINVAL));
  }
}
