package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// The buffers of receives: bad ones, none left, shared, incremental and legacy ones.
public final class ReceiveBufferCases {
  private static final int GROUP = 1;

  /// Topics are made by reflection.
  public ReceiveBufferCases() {}

  private static int more(int bid) {
    return buffer(bid) | IORING_CQE_F_MORE;
  }

  private static void arm(RawRing ring, int fd, int userData) {
    ring.sqe(userData).recvMultishot(fd, 0, GROUP);
    ring.expectNothing();
  }

  @Case
  @Spec({"7-14", "3.4-5", "3.4-3"})
  public void incrementalBuffersAreFilledByDatagrams(Rig t) {
    RawRing ring = t.ring(8);
    t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 2, 64);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    arm(ring, pair.near(), 1);
    for (int size : new int[] {20, 20, 24, 10, 60}) t.write(pair.far(), size);
    int bufMore = IORING_CQE_F_BUF_MORE;
    ring.expect(
        cqe(1, 20, more(5) | bufMore),
        cqe(1, 20, more(5) | bufMore),
        cqe(1, 24, more(5)),
        cqe(1, 10, more(6) | bufMore),
        cqe(1, 54, more(6)),
        cqe(1, -ENOBUFS));
  }

  @Case
  @Spec("7-18")
  public void bundleNamesItsFirstBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    t.write(pair.far(), 20);
    ring.sqe(1)
        .recvMultishot(pair.near(), 0, GROUP)
        .ioprio(IoUring.IORING_RECV_MULTISHOT | IoUring.IORING_RECVSEND_BUNDLE);
    int sum = 0;
    for (Completion each : ring.take(1)) sum += each.res();
    while (sum < 20) sum += ring.takeOne().res();
    Claim.equal("bytes", 20, sum);
    group.expectHead(3);
  }

  @Case
  @Spec({"7-21", "3.5-3"})
  public void unregisteringTheGroupEndsItWithTheNextData(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 4, 8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    group.unregister();
    ring.expectNothing();
    t.write(pair.far(), 4);
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec("3.5-4")
  public void twoOnOneGroupEndEachForItself(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 2, 8);
    Ends one = t.socketPair(Socket.SOCK_STREAM);
    Ends two = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, one.near(), 1);
    arm(ring, two.near(), 2);
    t.write(one.far(), 4);
    ring.expect(cqe(1, 4, more(0)));
    t.write(two.far(), 4);
    ring.expect(cqe(2, 4, more(1)));
    t.write(one.far(), 4);
    ring.expect(cqe(1, -ENOBUFS));
    ring.expectNothing();
    t.write(two.far(), 4);
    ring.expect(cqe(2, -ENOBUFS));
    group.expectHead(2);
  }

  @Case
  @Spec("3.6-1: receive")
  public void absentGroupFailsAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    ring.sqe(1).recvMultishot(pair.near(), 0, 99);
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec("3.6-3")
  public void datagramsFindOutAtOnceThatThereIsNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 8).provide(0, 1, 8);
    Ends pair = t.socketPair(Socket.SOCK_DGRAM);
    arm(ring, pair.near(), 1);
    t.write(pair.far(), 4);
    ring.expect(cqe(1, 4, more(0)), cqe(1, -ENOBUFS));
  }

  @Case
  @Spec({"3.3-6", "3.5-1"})
  public void unmappedBufferEndsItAndStays(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8);
    group.add(3, Rig.UNMAPPED, 16);
    group.publish();
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    t.write(pair.far(), 4);
    ring.expect(cqe(1, -EFAULT));
    group.expectHead(0);
  }

  @Case
  @Spec({"3.3-7", "7b-5"})
  public void kernelAddressEndsIt(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8);
    group.add(3, Rig.KERNEL_RANGE, 16);
    group.publish();
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    t.write(pair.far(), 4);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.expect(cqe(1, t.is7() ? -ENOBUFS : -EFAULT));
    group.expectHead(0);
  }

  @Case
  @Spec("3.3-9: the data is still there")
  public void bufferOfNoLengthEndsIt(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 8);
    group.add(3, t.memory(16L).address(), 0);
    group.publish();
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    t.write(pair.far(), 4);
    ring.sqe(1).recvMultishot(pair.near(), 0, GROUP);
    ring.expect(cqe(1, 0, IORING_CQE_F_SOCK_NONEMPTY));
    group.expectHead(0);
  }

  @Case
  @Spec({"3.5-2: receive gives its legacy buffer back while it waits", "3.8-16"})
  public void waitingReceiveHoldsNoLegacyBuffer(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(9).provideBuffers(t.memory(16L).address(), 16, 1, GROUP, 0);
    ring.expect(cqe(9, 0));
    Ends one = t.socketPair(Socket.SOCK_STREAM);
    Ends two = t.socketPair(Socket.SOCK_STREAM);
    ring.sqe(1).recv(one.near(), 0, 16, 0).bufferSelect(GROUP);
    ring.expectNothing();
    t.write(two.far(), 4);
    ring.sqe(2).recv(two.near(), 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(2, 4, buffer(0)));
    t.write(one.far(), 4);
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec({"3.8-16: multishot", "3.8-17"})
  public void legacyBuffersServeAMultishotToo(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(9).provideBuffers(t.memory(64L).address(), 16, 3, GROUP, 20);
    ring.expect(cqe(9, 0));
    Ends pair = t.socketPair(Socket.SOCK_STREAM);
    arm(ring, pair.near(), 1);
    for (int i = 0; i < 3; i++) {
      t.write(pair.far(), 4);
      ring.expect(cqe(1, 4, more(20 + i)));
    }
    t.write(pair.far(), 4);
    ring.expect(cqe(1, -ENOBUFS));
  }
}
