package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Completion;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Which buffer a request gets, how long it is, and when it is used up. The requests are reads: of
/// `/dev/zero` and files, which cannot be polled, and of eventfds, which can.
public final class BufferRingCases {
  private static final int GROUP = 2;

  /// Topics are made by reflection.
  public BufferRingCases() {}

  private static int zero(Rig t) {
    return t.open("/dev/zero", Fcntl.O_RDONLY);
  }

  @Case
  @Spec({"3.1-1", "3.1-2", "3.2-1"})
  public void buffersComeInTheOrderTheyWereAdded(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(40, 2, 16).provide(7, 1, 16);
    int fd = zero(t);
    for (int i = 0; i < 3; i++) ring.sqe(i).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(0, 16, buffer(40)), cqe(1, 16, buffer(41)), cqe(2, 16, buffer(7)));
    group.expectHead(3);
  }

  @Case
  @Spec({"3.3-3", "3.3-2", "7-15"})
  public void lengthIsTheShorterOfTheTwo(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 3, 32);
    int fd = zero(t);
    ring.sqe(1).read(fd, 0, 0, 0).bufferSelect(GROUP);
    ring.sqe(2).read(fd, 0, 8, 0).bufferSelect(GROUP);
    ring.sqe(3).read(fd, 0, 100, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 32, buffer(0)), cqe(2, 8, buffer(1)), cqe(3, 32, buffer(2)));
    group.expectHead(3);
  }

  @Case
  @Spec({"3.3-1", "3.6-1", "3.6-5"})
  public void emptyGroupHasNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    ring.sqe(1).read(zero(t), 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, -ENOBUFS));
    group.expectHead(0);
  }

  @Case
  @Spec("3.6-1: absent")
  public void absentGroupHasNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    ring.sqe(1).read(zero(t), 0, 16, 0).bufferSelect(99);
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec({"3.2-2", "3.1-2"})
  public void entriesCountOnceTheTailIsStored(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    int fd = zero(t);
    group.add(1, t.memory(16L).address(), 16);
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, -ENOBUFS));
    group.publish();
    ring.sqe(2).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(2, 16, buffer(1)));
  }

  @Case
  @Spec("3.6-2: the last buffer is no end")
  public void lastBufferIsUsedAndThenThereIsNone(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4).provide(0, 1, 16);
    int fd = zero(t);
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.sqe(2).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.submitEach();
    ring.expect(cqe(1, 16, buffer(0)), cqe(2, -ENOBUFS));
  }

  @Case
  @Spec("3.5-1: given back buffers are used again")
  public void bufferGivenBackIsUsedAgain(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 2).provide(0, 2, 16);
    int fd = zero(t);
    for (int i = 0; i < 10; i++) {
      ring.sqe(i).read(fd, 0, 16, 0).bufferSelect(GROUP);
      ring.expect(cqe(i, 16, buffer(i & 1)));
      group.giveBack(i & 1);
    }
    group.expectHead(10);
  }

  @Case
  @Spec({"3.2-3", "3.2-5", "3.1-3"})
  public void headAndTailRunOverSixteenBits(Rig t) {
    RawRing ring = t.ring(4);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 4, 8);
    int fd = zero(t);
    for (int i = 0; i < 70_000; i++) {
      ring.sqe(i).read(fd, 0, 8, 0).bufferSelect(GROUP);
      if ((i & 3) != 3) continue;
      List<Completion> four = ring.take(4);
      for (int bid = 0; bid < 4; bid++) {
        Claim.equal("CQE", cqe(i - 3 + bid, 8, buffer(bid)), four.get(bid));
        group.giveBack(bid);
      }
    }
    group.expectHead(70_000 % 65_536);
  }

  @Case
  @Spec("3.2-4")
  public void overrunEntriesAreReadAsTheyAre(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 2).provide(0, 3, 16); // 2 overwrites 0
    int fd = zero(t);
    for (int i = 0; i < 3; i++) ring.sqe(i).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(0, 16, buffer(2)), cqe(1, 16, buffer(1)), cqe(2, 16, buffer(2)));
    group.expectHead(3);
  }

  @Case
  @Spec({"3.7-14", "3.1-6"})
  public void mappedRingWorksAsOneOfTheApplications(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.mappedGroup(ring, GROUP, 4).provide(11, 2, 16);
    int fd = zero(t);
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.sqe(2).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 16, buffer(11)), cqe(2, 16, buffer(12)));
    group.expectHead(2);
  }

  @Case
  @Spec("3.1-1: bid is 16 bits, and the application's own number")
  public void bufferIdIsTheApplicationsOwn(Rig t) {
    RawRing ring = t.ring(8);
    t.group(ring, GROUP, 4).provide(65535, 1, 16).provide(0, 1, 16);
    int fd = zero(t);
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.sqe(2).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 16, buffer(65535)), cqe(2, 16, buffer(0)));
  }

  @Case
  @Spec("3.3-3: the data is in the buffer that the CQE names")
  public void dataIsInTheBufferThatTheCqeNames(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 2, 16);
    int fd = t.eventfd();
    t.signal(fd);
    ring.sqe(1).read(fd, 0, 8, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 8, buffer(0)));
    Claim.equal("counter", 1L, group.buffer(0).get(JAVA_LONG, 0));
    Claim.equal("the other buffer", 0L, group.buffer(1).get(JAVA_LONG, 0));
  }

  @Case
  @Spec({"3.5-1", "3.3-1"})
  public void waitingReadHoldsNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 16);
    int waiting = t.eventfd();
    ring.sqe(1).read(waiting, 0, 8, 0).bufferSelect(GROUP);
    ring.expectNothing();
    group.expectHead(0);
    ring.sqe(2).read(zero(t), 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(2, 16, buffer(0)));
    t.signal(waiting);
    ring.expect(cqe(1, -ENOBUFS));
    group.expectHead(1);
  }

  @Case
  @Spec("3.5-1: the group is looked at when the data is there")
  public void waitingReadTakesABufferProvidedLater(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 16);
    int waiting = t.eventfd();
    ring.sqe(1).read(waiting, 0, 8, 0).bufferSelect(GROUP);
    ring.expectNothing();
    ring.sqe(2).read(zero(t), 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(2, 16, buffer(0)));
    group.provide(5, 1, 16);
    t.signal(waiting);
    ring.expect(cqe(1, 8, buffer(5)));
  }

  @Case
  @Spec("3.5-1: an error of the file")
  public void failedReadOfAPollableFileKeepsTheBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 16);
    int fd = t.eventfd();
    t.signal(fd);
    ring.sqe(1).read(fd, 0, 4, 0).bufferSelect(GROUP); // an eventfd wants 8 bytes
    Claim.that("read failed", ring.takeOne().res() < 0);
    group.expectHead(0);
  }

  @Case
  @Spec("3.3-6")
  public void unmappedBufferIsAFaultAndStays(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(3, Rig.UNMAPPED, 16);
    group.publish();
    int fd = t.eventfd();
    t.signal(fd);
    ring.sqe(1).read(fd, 0, 8, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, -EFAULT));
    group.expectHead(0);
  }

  @Case
  @Spec({"3.3-7", "7b-5"})
  public void kernelAddressIsRefused(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(3, Rig.KERNEL_RANGE, 16);
    group.publish();
    int fd = t.eventfd();
    t.signal(fd);
    ring.sqe(1).read(fd, 0, 8, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, t.is7() ? -ENOBUFS : -EFAULT));
    group.expectHead(0);
  }

  @Case
  @Spec("3.3-8")
  public void nullBufferIsNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(3, 0, 16);
    group.publish();
    int fd = t.eventfd();
    t.signal(fd);
    ring.sqe(1).read(fd, 0, 8, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, -ENOBUFS));
    group.expectHead(0);
  }

  @Case
  @Spec({"3.3-10", "3.3-6"})
  public void unmappedBufferIsUsedUpOnAFileThatCannotBePolled(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4);
    group.add(3, Rig.UNMAPPED, 16);
    group.publish();
    ring.sqe(1).read(zero(t), 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, -EFAULT, buffer(3)));
    group.expectHead(1);
  }

  @Case
  @Spec("3.3-10: the end of a file")
  public void readAtTheEndOfAFileUsesABuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(6, 1, 16);
    int fd = t.open(t.file(new byte[10]), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, 0, 16, 10).bufferSelect(GROUP);
    ring.expect(cqe(1, 0, buffer(6)));
    group.expectHead(1);
  }

  @Case
  @Spec("3.3-10: a short read uses a whole buffer")
  public void shortReadOfAFileUsesABuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(6, 2, 16);
    int fd = t.open(t.file("0123456789".getBytes(StandardCharsets.US_ASCII)), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, 0, 16, 4).bufferSelect(GROUP);
    ring.expect(cqe(1, 6, buffer(6)));
    Claim.equal("data", "456789", group.text(6, 6));
    group.expectHead(1);
  }

  @Case
  @Spec("3.5-3: reads")
  public void waitingReadMeetsAnUnregisteredGroup(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 16);
    int waiting = t.eventfd();
    ring.sqe(1).read(waiting, 0, 8, 0).bufferSelect(GROUP);
    ring.expectNothing();
    group.unregister();
    t.signal(waiting);
    ring.expect(cqe(1, -ENOBUFS));
  }

  @Case
  @Spec({"4.5-8: nor does a waiting READ", "3.5-1"})
  public void cancelledReadLosesNoBuffer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.group(ring, GROUP, 4).provide(0, 1, 16);
    ring.sqe(1).read(t.eventfd(), 0, 8, 0).bufferSelect(GROUP);
    ring.expectNothing();
    ring.sqe(2).asyncCancel(1, 0);
    ring.expect(cqe(2, 0), cqe(1, -ECANCELED));
    group.expectHead(0);
  }

  @Case
  @Spec("1.1-11: buf_group")
  public void groupIsOfTheEntry(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup one = t.group(ring, 1, 4).provide(10, 1, 16);
    BufferGroup two = t.group(ring, 2, 4).provide(20, 1, 16);
    int fd = zero(t);
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(2);
    ring.sqe(2).read(fd, 0, 16, 0).bufferSelect(1);
    ring.expect(cqe(1, 16, buffer(20)), cqe(2, 16, buffer(10)));
    one.expectHead(1);
    two.expectHead(1);
  }
}
