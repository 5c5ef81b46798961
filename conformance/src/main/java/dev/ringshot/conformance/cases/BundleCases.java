package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_SOCK_NONEMPTY;
import static dev.ringshot.abi.IoUring.IORING_RECVSEND_BUNDLE;
import static dev.ringshot.abi.IoUring.IORING_RECV_MULTISHOT;
import static dev.ringshot.abi.Socket.SOCK_STREAM;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// Buffers of a group in SEND, and several of them in one SEND or RECV.
public final class BundleCases {
  private static final int GROUP = 1;
  private static final int EACH = IORING_RECV_MULTISHOT | IORING_RECVSEND_BUNDLE;

  /// Topics are made by reflection.
  public BundleCases() {}

  @Case
  @Spec("8.4-1")
  public void sendTakesABufferOfAGroup(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    BufferGroup group = t.group(ring, GROUP, 8).provide(3, 2, 16);
    group.buffer(3).set(JAVA_BYTE, 15, (byte) 4);
    ring.sqe(1).send(pair.far(), 0, 0, 0).bufferSelect(GROUP);
    ring.sqe(2).send(pair.far(), 0, 5, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 16, buffer(3)), cqe(2, 5, buffer(4)));
    group.expectHead(2);
    MemorySegment into = t.memory(64L);
    Claim.result("read", 21, t.read(pair.near(), into));
    Claim.equal("byte", (byte) 4, into.get(JAVA_BYTE, 15));
  }

  @Case
  @Spec("8.4-2")
  public void bundleSendsWhatWasAskedForThenAllThereIs(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    BufferGroup group = t.group(ring, GROUP, 8).provide(0, 6, 16);
    ring.sqe(1).send(pair.far(), 0, 40, 0).bufferSelect(GROUP).ioprio(IORING_RECVSEND_BUNDLE);
    ring.expect(cqe(1, 32, buffer(0) | IORING_CQE_F_MORE), cqe(1, 64, buffer(2)));
    group.expectHead(6);
  }

  @Case
  @Spec("8.4-3")
  public void bundleWithoutAGroupSendsAndThenNothing(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    ring.sqe(1).send(pair.far(), t.memory(30L), 0).ioprio(IORING_RECVSEND_BUNDLE);
    ring.expect(cqe(1, 30, IORING_CQE_F_MORE), cqe(1, 0));
  }

  @Case
  @Spec("8.4-4")
  public void receiveOfABundleFindsOutHowMuchThereIs(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    BufferGroup group = t.group(ring, GROUP, 16).provide(0, 10, 16);
    t.write(pair.far(), 100);
    ring.sqe(1).recv(pair.near(), 0, 40, 0).bufferSelect(GROUP).ioprio(IORING_RECVSEND_BUNDLE);
    ring.expect(cqe(1, 32, buffer(0) | IORING_CQE_F_SOCK_NONEMPTY));
    group.expectHead(2);
  }

  @Case
  @Spec("8.4-5")
  public void bundleGoesOnInAnIncrementalBuffer(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    t.incrementalGroup(ring, GROUP, 4, 0).provide(0, 3, 64);
    ring.sqe(1).recv(pair.near(), 0, 0, 0).bufferSelect(GROUP).ioprio(EACH);
    ring.expectNothing();
    t.write(pair.far(), 100);
    int more = IORING_CQE_F_MORE;
    ring.expect(cqe(1, 100, buffer(0) | more | IORING_CQE_F_BUF_MORE));
    t.write(pair.far(), 10);
    ring.expect(cqe(1, 10, buffer(1) | more | IORING_CQE_F_BUF_MORE));
  }

  @Case
  @Spec("8.4-6")
  public void lengthThatIsFilledExactlyIsNoLimitForOne(Rig t) {
    RawRing ring = t.ring(8);
    Ends pair = t.socketPair(SOCK_STREAM);
    BufferGroup group = t.group(ring, GROUP, 16).provide(0, 16, 16);
    t.write(pair.far(), 100);
    int nonempty = IORING_CQE_F_SOCK_NONEMPTY;
    ring.sqe(1).recvBundle(pair.near(), 32, 0, GROUP);
    ring.expect(cqe(1, 96, buffer(0) | nonempty));
    group.expectHead(6);
    t.write(pair.far(), 60);
    ring.sqe(2).recvMultishotBundle(pair.near(), 0, GROUP, 0).len(32);
    ring.expect(
        cqe(2, 32, buffer(6) | IORING_CQE_F_MORE | nonempty),
        cqe(2, 32, buffer(8) | IORING_CQE_F_MORE));
    group.expectHead(10);
  }
}
