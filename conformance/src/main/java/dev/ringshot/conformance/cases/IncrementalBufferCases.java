package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_BUF_MORE;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.nio.charset.StandardCharsets;

/// Buffers that are consumed bit by bit: `IOU_PBUF_RING_INC`.
public final class IncrementalBufferCases {
  private static final int GROUP = 2;

  /// Topics are made by reflection.
  public IncrementalBufferCases() {}

  private static int more(int bid) {
    return buffer(bid) | IORING_CQE_F_BUF_MORE;
  }

  private static void read(RawRing ring, int fd, int userData, int length) {
    ring.sqe(userData).read(fd, 0, length, 0).bufferSelect(GROUP);
  }

  @Case
  @Spec({"3.4-1", "3.4-2"})
  public void readsShareABufferUntilItIsFull(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 2, 64);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 20);
    read(ring, fd, 2, 20);
    read(ring, fd, 3, 24);
    read(ring, fd, 4, 10);
    ring.expect(
        cqe(1, 20, more(5)), cqe(2, 20, more(5)), cqe(3, 24, buffer(5)), cqe(4, 10, more(6)));
    group.expectHead(1);
  }

  @Case
  @Spec({"3.4-3", "3.3-2"})
  public void readIsNoLongerThanWhatIsLeft(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 64);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 10);
    read(ring, fd, 2, 60);
    read(ring, fd, 3, 1);
    ring.submitEach();
    ring.expect(cqe(1, 10, more(5)), cqe(2, 54, buffer(5)), cqe(3, -ENOBUFS));
    group.expectHead(1);
  }

  @Case
  @Spec({"3.4-1: the entry is rewritten", "3.4-2: addr stays"})
  public void entryTellsWhatIsLeft(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 64);
    long start = group.buffer(5).address();
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 10);
    ring.expect(cqe(1, 10, more(5)));
    Claim.equal("addr", start + 10, group.entryAddress(0));
    Claim.equal("len", 54, group.entryLength(0));
    read(ring, fd, 2, 54);
    ring.expect(cqe(2, 54, buffer(5)));
    Claim.equal("addr", start + 10, group.entryAddress(0));
    Claim.equal("len", 0, group.entryLength(0));
  }

  @Case
  @Spec("3.4-4")
  public void dataFollowsDirectlyBehindTheFormer(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 64);
    int fd = t.open(t.file("abcdefghij".getBytes(StandardCharsets.US_ASCII)), Fcntl.O_RDONLY);
    ring.sqe(1).read(fd, 0, 4, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 4, more(5)));
    ring.sqe(2).read(fd, 0, 3, 7).bufferSelect(GROUP);
    ring.expect(cqe(2, 3, more(5)));
    Claim.equal("data", "abcdhij", group.text(5, 7));
  }

  @Case
  @Spec({"3.4-1", "3.4-4"})
  public void pollableFileConsumesWhatItBrought(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 24);
    int fd = t.eventfd();
    for (int i = 0; i < 3; i++) {
      t.signal(fd);
      read(ring, fd, i, 0);
      ring.expect(cqe(i, 8, i < 2 ? more(5) : buffer(5)));
    }
    for (int i = 0; i < 3; i++) Claim.equal("counter", 1L, group.buffer(5).get(JAVA_LONG, 8L * i));
    group.expectHead(1);
  }

  @Case
  @Spec({"3.4-1", "3.3-10: the whole length is committed"})
  public void shortReadOfAFileUsesWhatItAskedFor(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 1, 64);
    int fd = t.open(t.file(new byte[6]), Fcntl.O_RDONLY);
    long start = group.buffer(5).address();
    ring.sqe(1).read(fd, 0, 16, 0).bufferSelect(GROUP);
    ring.expect(cqe(1, 6, more(5)));
    Claim.equal("addr", start + 16, group.entryAddress(0));
  }

  @Case
  @Spec({"3.4-1: min_left", "3.4-6"})
  public void restBelowMinLeftIsNotUsed(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 16).provide(5, 2, 64);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 48);
    read(ring, fd, 2, 1);
    read(ring, fd, 3, 1);
    ring.expect(cqe(1, 48, more(5)), cqe(2, 1, buffer(5)), cqe(3, 1, more(6)));
    group.expectHead(1);
  }

  @Case
  @Spec("3.4-2: a buffer of one byte")
  public void oneByteBufferIsUsedAtOnce(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 4, 0).provide(5, 2, 1);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    read(ring, fd, 1, 10);
    read(ring, fd, 2, 1);
    ring.expect(cqe(1, 1, buffer(5)), cqe(2, 1, buffer(6)));
    group.expectHead(2);
  }

  @Case
  @Spec("3.4-2: given back, it is whole again")
  public void bufferGivenBackStartsAnew(Rig t) {
    RawRing ring = t.ring(8);
    BufferGroup group = t.incrementalGroup(ring, GROUP, 2, 0).provide(5, 1, 64);
    int fd = t.open("/dev/zero", Fcntl.O_RDONLY);
    for (int i = 0; i < 6; i++) {
      read(ring, fd, i, 40);
      ring.expect((i & 1) == 0 ? cqe(i, 40, more(5)) : cqe(i, 24, buffer(5)));
      if ((i & 1) == 1) group.giveBack(5);
    }
    group.expectHead(3);
  }
}
