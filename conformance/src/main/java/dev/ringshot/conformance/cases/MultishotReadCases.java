package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EBADFD;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.IoUring.IORING_CQE_F_MORE;
import static dev.ringshot.conformance.rig.Completion.buffer;
import static dev.ringshot.conformance.rig.Completion.cqe;

import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Ends;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;

/// `IORING_OP_READ_MULTISHOT`.
public final class MultishotReadCases {
  private static final int GROUP = 1;

  /// Topics are made by reflection.
  public MultishotReadCases() {}

  private static int more(int bid) {
    return buffer(bid) | IORING_CQE_F_MORE;
  }

  @Case
  @Spec({"7-4", "7-5", "7c-6"})
  public void multishotReadRefusals(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    t.group(ring, GROUP, 8).provide(0, 3, 8);
    int file = t.open(t.file(new byte[10]), 0);
    ring.sqe(1).readMultishot(pipe.near(), -1, GROUP).len(8);
    ring.sqe(2).readMultishot(pipe.near(), -1, GROUP).flags(0);
    ring.sqe(3).readMultishot(file, 0, GROUP);
    ring.sqe(4).readMultishot(pipe.near(), -1, 99);
    ring.submitEach();
    ring.expect(cqe(1, -EINVAL), cqe(2, -EINVAL), cqe(3, -EBADFD), cqe(4, -ENOBUFS));
  }

  @Case
  @Spec({"7-6", "3.6-4"})
  public void multishotReadOfAPipeUsesItsBuffers(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.pipe();
    BufferGroup group = t.group(ring, GROUP, 8).provide(1, 2, 16);
    ring.sqe(1).readMultishot(pipe.near(), -1, GROUP);
    ring.expectNothing();
    t.write(pipe.far(), 4);
    ring.expect(cqe(1, 4, more(1)));
    t.write(pipe.far(), 19);
    ring.expect(cqe(1, 16, more(2)), cqe(1, -ENOBUFS));
    group.expectHead(2);
    Claim.result("read", 3, t.read(pipe.near(), t.memory(64L)));
  }

  @Case
  @Spec("7-7")
  public void endOfAPipeEndsMultishotReadWithoutABuffer(Rig t) {
    RawRing ring = t.ring(8);
    Ends pipe = t.host().pipe();
    t.own("pipe", pipe.near());
    BufferGroup group = t.group(ring, GROUP, 8).provide(1, 3, 16);
    t.write(pipe.far(), 3);
    ring.sqe(1).readMultishot(pipe.near(), -1, GROUP);
    ring.expect(cqe(1, 3, more(1)));
    t.host().close(pipe.far());
    ring.expect(cqe(1, 0));
    group.expectHead(1);
  }
}
