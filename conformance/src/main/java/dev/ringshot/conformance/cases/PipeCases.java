package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EAGAIN;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.Errno.EPIPE;
import static dev.ringshot.abi.Fcntl.RWF_NOWAIT;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.abi.Poll.POLLERR;
import static dev.ringshot.abi.Poll.POLLHUP;
import static dev.ringshot.abi.Poll.POLLIN;
import static dev.ringshot.abi.Poll.POLLOUT;
import static dev.ringshot.abi.Poll.POLLRDNORM;
import static dev.ringshot.abi.Poll.POLLWRNORM;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// READ and WRITE of pipes: how much they hold, when they wait, how they end.
public final class PipeCases {
  private static final int CAPACITY = 65536;
  private static final int PAGE = 4096;
  private static final int ALL = 0x3fff;

  /// Topics are made by reflection.
  public PipeCases() {}

  private static RawRing ringOfFull(Rig t, Ends pipe) {
    RawRing ring = t.ring(8);
    ring.sqe(9).write(pipe.far(), t.memory((long) CAPACITY), 0);
    ring.expect(cqe(9, CAPACITY));
    return ring;
  }

  @Case
  @Spec({"8.1-1", "8.1-2"})
  public void writeMovesWhatFits(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    MemorySegment bytes = t.memory(CAPACITY + 4000L);
    ring.sqe(1).write(pipe.far(), bytes, 0);
    ring.sqe(2).write(pipe.far(), bytes.asSlice(0, 1), 0).opFlags(RWF_NOWAIT);
    ring.expect(cqe(1, CAPACITY), cqe(2, -EAGAIN));
  }

  @Case
  @Spec("8.1-1: sixteen of 3000 bytes")
  public void writesThatDoNotShareAPageFillItSooner(Rig t) {
    RawRing ring = t.ring(32);
    Ends pipe = t.pipe();
    MemorySegment bytes = t.memory(3000L);
    for (int i = 0; i < 17; i++) ring.sqe(i).write(pipe.far(), bytes, 0).opFlags(RWF_NOWAIT);
    Completion[] expected = new Completion[17];
    for (int i = 0; i < 16; i++) expected[i] = cqe(i, 3000);
    expected[16] = cqe(16, -EAGAIN);
    ring.expect(expected);
  }

  @Case
  @Spec("8.1-2: until a page is free")
  public void writeWaitsForAPage(Rig t) {
    Ends pipe = t.pipe();
    RawRing ring = ringOfFull(t, pipe);
    ring.sqe(1).write(pipe.far(), t.memory(5000L), 0);
    ring.expectNothing();
    t.read(pipe.near(), t.memory(100L));
    ring.expectNothing();
    t.read(pipe.near(), t.memory(PAGE - 100L));
    ring.expect(cqe(1, PAGE));
  }

  @Case
  @Spec("8.1-3")
  public void readTakesWhatIsThere(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    MemorySegment into = t.memory(64L);
    ring.sqe(1).read(pipe.near(), into, 0);
    ring.expectNothing();
    t.write(pipe.far(), t.memory(new byte[] {5, 6, 7}));
    ring.expect(cqe(1, 3));
    Claim.equal("byte", (byte) 7, into.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 2));
    t.write(pipe.far(), 10);
    t.write(pipe.far(), 10);
    ring.sqe(2).read(pipe.near(), into, 0);
    ring.expect(cqe(2, 20));
  }

  @Case
  @Spec("8.1-4: no writer")
  public void readEndsWithTheLastWriter(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.host().pipe();
    t.own("pipe", pipe.near());
    int second = t.host().dup(pipe.far());
    ring.sqe(1).read(pipe.near(), t.memory(64L), 0);
    ring.expectNothing();
    t.host().close(pipe.far());
    ring.expectNothing();
    t.write(second, 4);
    ring.expect(cqe(1, 4));
    t.host().close(second);
    ring.sqe(2).read(pipe.near(), t.memory(64L), 0);
    ring.expect(cqe(2, 0));
  }

  @Case
  @Spec("8.1-4: no reader")
  public void writeEndsWithTheLastReader(Rig t) {
    Ends pipe = t.host().pipe();
    t.own("pipe", pipe.far());
    RawRing ring = ringOfFull(t, pipe);
    ring.sqe(1).write(pipe.far(), t.memory(8L), 0);
    ring.expectNothing();
    t.host().close(pipe.near());
    ring.expect(cqe(1, -EPIPE));
    ring.sqe(2).write(pipe.far(), t.memory(8L), 0);
    ring.sqe(3).write(pipe.far(), t.memory(8L).asSlice(0, 0), 0);
    ring.expect(cqe(3, 0), cqe(2, -EPIPE)); // an error of a write comes by task work
  }

  @Case
  @Spec("8.1-5")
  public void eachEndIsForOneDirection(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    ring.sqe(1).read(pipe.far(), t.memory(8L), 0);
    ring.sqe(2).write(pipe.near(), t.memory(8L), 0);
    ring.submitEach();
    ring.expect(cqe(1, -EBADF), cqe(2, -EBADF));
  }

  @Case
  @Spec("8.1-6")
  public void pollTellsOfDataRoomAndTheOtherEnd(Rig t) {
    Ends pipe = t.host().pipe();
    Claim.equal("empty", 0, t.host().poll(pipe.near(), ALL, 0));
    Claim.equal("room", POLLOUT | POLLWRNORM, t.host().poll(pipe.far(), ALL, 0));
    t.write(pipe.far(), 3);
    Claim.equal("data", POLLIN | POLLRDNORM, t.host().poll(pipe.near(), ALL, 0));
    t.host().close(pipe.far());
    Claim.equal("end", POLLIN | POLLRDNORM | POLLHUP, t.host().poll(pipe.near(), ALL, 0));
    t.host().close(pipe.near());
    Ends full = t.host().pipe();
    t.own("pipe", full.far());
    ringOfFull(t, full);
    Claim.equal("full", 0, t.host().poll(full.far(), ALL, 0));
    t.host().close(full.near());
    Claim.equal("unread", POLLERR, t.host().poll(full.far(), ALL, 0));
  }

  @Case
  @Spec("8.1-6: a poll that waits")
  public void pollHearsOfDataAndOfTheEnd(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.host().pipe();
    t.own("pipe", pipe.near());
    ring.sqe(1).pollMultishot(pipe.near(), POLLIN);
    ring.expectNothing();
    t.write(pipe.far(), 3);
    ring.expect(cqe(1, POLLIN, IORING_CQE_F_MORE));
    t.read(pipe.near(), t.memory(8L));
    ring.expectNothing();
    t.host().close(pipe.far());
    ring.expect(cqe(1, POLLHUP, IORING_CQE_F_MORE));
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
  }

  @Case
  @Spec("8.1-7")
  public void offsetAndLengthZeroMeanNothing(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    MemorySegment bytes = t.memory(8L);
    ring.sqe(1).write(pipe.far(), bytes, 77);
    ring.sqe(2).read(pipe.near(), bytes, 5);
    ring.sqe(3).read(pipe.near(), bytes.asSlice(0, 0), 0);
    ring.sqe(4).write(pipe.far(), bytes.asSlice(0, 0), 0);
    ring.expect(cqe(1, 8), cqe(2, 8), cqe(3, 0), cqe(4, 0));
  }

  @Case
  @Spec("8.1-8")
  public void otherOperationsAreRefused(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    ring.sqe(1).uringCmd(pipe.far(), 0);
    ring.expect(cqe(1, -EOPNOTSUPP));
    ring.sqe(2).fsync(pipe.far());
    ring.expect(cqe(2, -EINVAL));
    ring.sqe(3).ftruncate(pipe.far(), 0);
    ring.expect(cqe(3, -EINVAL));
  }

  @Case
  @Spec({"8.1-9", "3.6-5"})
  public void multishotReadGoesOnWhileThereIsData(Rig t) {
    for (boolean before : new boolean[] {true, false}) {
      RawRing ring = t.ring(8);
      Ends pipe = t.pipe();
      t.group(ring, 1, 8).provide(1, 3, 16);
      if (before) t.write(pipe.far(), 60);
      ring.sqe(1).readMultishot(pipe.near(), -1, 1);
      ring.submitAll();
      if (!before) t.write(pipe.far(), 60);
      int more = IORING_CQE_F_MORE;
      ring.expect(
          cqe(1, 16, buffer(1) | more),
          cqe(1, 16, buffer(2) | more),
          cqe(1, 16, buffer(3) | more),
          cqe(1, -ENOBUFS));
    }
  }

  @Case
  @Spec("8.1-9: forced to a worker")
  public void multishotReadOnAWorkerWaitsForItsFile(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    t.group(ring, 1, 8).provide(1, 3, 16);
    ring.sqe(1).readMultishot(pipe.near(), -1, 1).async();
    ring.submitAll();
    t.write(pipe.far(), 4);
    ring.expect(cqe(1, 4, buffer(1) | IORING_CQE_F_MORE));
    t.write(pipe.far(), 4);
    ring.expect(cqe(1, 4, buffer(2) | IORING_CQE_F_MORE));
  }
}
