package dev.ringshot.conformance.cases;

import static dev.ringshot.abi.Errno.EACCES;
import static dev.ringshot.abi.Errno.EBADF;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.conformance.rig.Completion.cqe;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.ringshot.abi.Fcntl;
import dev.ringshot.abi.IoUring;
import dev.ringshot.abi.Socket;
import dev.ringshot.conformance.Case;
import dev.ringshot.conformance.Needs;
import dev.ringshot.conformance.Spec;
import dev.ringshot.conformance.rig.BufferGroup;
import dev.ringshot.conformance.rig.Claim;
import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.Platform;
import dev.ringshot.conformance.rig.RawRing;
import dev.ringshot.conformance.rig.Rig;
import java.lang.foreign.MemorySegment;

/// Commands that reach a file.
public final class UringCmdIssueCases {
  private static final int CLOSED_FD = 1_000_000;

  /// Topics are made by reflection.
  public UringCmdIssueCases() {}

  @Case
  @Spec({"1.5-1", "1.4-7", "1.1-1"})
  public void nullDeviceAnswersZero(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0);
    ring.expect(cqe(1, 0));
  }

  @Case
  @Spec({"1.5-2", "1.1-6"})
  public void nullDeviceAnswersAnyCommandWithZero(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0xdeadbeef);
    ring.expect(cqe(1, 0));
  }

  @Case
  @Spec({"1.5-11", "1.4-2"})
  public void fileWithoutHandlerIsNotSupported(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.open("/dev/zero", Fcntl.O_RDWR), 0);
    ring.expect(cqe(1, -EOPNOTSUPP));
  }

  @Case
  @Spec("1.4-2")
  public void eventfdAndRingHaveNoHandler(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.eventfd(), 0);
    ring.sqe(2).uringCmd(ring.fd(), 0);
    ring.expect(cqe(1, -EOPNOTSUPP), cqe(2, -EOPNOTSUPP));
  }

  @Case
  @Spec({"1.5-13", "1.4-1", "1.2-1"})
  public void badDescriptorIsBadf(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(CLOSED_FD, 0);
    ring.sqe(2).uringCmd(-1, 0);
    ring.expect(cqe(1, -EBADF), cqe(2, -EBADF));
  }

  @Case
  @Spec({"1.5-15", "1.1-5"})
  public void fixedFileWithoutTableIsBadf(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(0, 0).fixedFile();
    ring.expect(cqe(1, -EBADF));
  }

  @Case
  @Needs(Need.MULTISHOT_COMMANDS)
  @Spec({"1.5-12", "3.5-1"})
  public void fileWithoutHandlerTakesNoBuffer(Rig t) {
    RawRing ring = t.ring(4);
    BufferGroup group = t.group(ring, 3, 4).provide(0, 2, 16);
    ring.sqe(1).uringCmdMultishot(t.open("/dev/zero", Fcntl.O_RDWR), 0, group.id());
    ring.expect(cqe(1, -EOPNOTSUPP));
    group.expectHead(0);
  }

  @Case
  @Needs(Need.REFUSAL)
  @Spec({"1.4-3", "1.4-12"})
  public void securityModuleRefusesBeforeTheDriver(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), Platform.REFUSED_COMMAND);
    ring.sqe(2).uringCmd(t.open("/dev/zero", Fcntl.O_RDWR), Platform.REFUSED_COMMAND);
    ring.expect(cqe(1, -EACCES), cqe(2, -EOPNOTSUPP));
  }

  @Case
  @Needs({Need.REFUSAL, Need.MULTISHOT_COMMANDS})
  @Spec("1.4-3: of a multishot command too, and no buffer is taken")
  public void refusedMultishotEndsAtOnce(Rig t) {
    RawRing ring = t.ring(4);
    BufferGroup group = t.group(ring, 3, 4).provide(0, 2, 16);
    int fd = t.open("/dev/null", Fcntl.O_RDWR);
    ring.sqe(1).uringCmdMultishot(fd, Platform.REFUSED_COMMAND, group.id());
    ring.expect(cqe(1, -EACCES));
    group.expectHead(0);
  }

  @Case
  @Spec("1.4-7")
  public void forcedToAWorkerTheResultIsTheSame(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0).async();
    ring.expect(cqe(1, 0));
  }

  @Case
  @Spec({"1.4-15", "io_uring_enter(2): an entry may be reused once it was submitted"})
  public void entryMayBeOverwrittenOnceItWasSubmitted(Rig t) {
    RawRing ring = t.ring(4);
    int fd = t.open("/dev/null", Fcntl.O_RDWR);
    ring.sqe(1).uringCmd(fd, 0).async();
    ring.submitAll();
    ring.overwriteEntries((byte) 0xff);
    ring.expect(cqe(1, 0));
  }

  @Case
  @Needs(Need.IOPOLL)
  @Spec({"7-28", "7b-2", "1.4-5", "1.2-3"})
  public void nullDeviceOnIopollRing(Rig t) {
    RawRing ring = t.ring(4, IoUring.IORING_SETUP_IOPOLL);
    ring.sqe(1).uringCmd(t.open("/dev/null", Fcntl.O_RDWR), 0);
    ring.expect(cqe(1, t.is7() ? 0 : -EOPNOTSUPP));
  }

  @Case
  @Spec("1.5-21")
  public void socketDoesNotKnowCommand99(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.socketPair(Socket.SOCK_STREAM).near(), 99);
    ring.expect(cqe(1, -EOPNOTSUPP));
  }

  @Case
  @Spec({"1.5-23", "7b-9"})
  public void socketCommandFiveIsNewIn7(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).uringCmd(t.socketPair(Socket.SOCK_STREAM).near(), 5);
    ring.expect(cqe(1, t.is7() ? -EFAULT : -EOPNOTSUPP));
  }

  @Case
  @Spec({"1.4-7", "1.4-12"})
  public void socketCountsWhatIsUnread(Rig t) {
    RawRing ring = t.ring(4);
    int near = t.socketPair(Socket.SOCK_STREAM).near();
    int listener = t.own("socket", t.host().tcpListener());
    int client = t.own("socket", t.host().tcpConnect(listener));
    ring.sqe(1).uringCmd(client, IoUring.SOCKET_URING_OP_SIOCINQ);
    ring.sqe(2).uringCmd(near, IoUring.SOCKET_URING_OP_SIOCINQ);
    ring.expect(cqe(1, 0), cqe(2, -EOPNOTSUPP)); // AF_UNIX has no such ioctl at this level
  }

  @Case
  @Spec("1.1-15")
  public void socketOptionIsSetAndReadByCommand(Rig t) {
    RawRing ring = t.ring(4);
    int socket = t.own("socket", t.host().udpSocket());
    MemorySegment value = t.memory(8L);
    value.set(JAVA_INT, 0, 1);
    long address = value.address();
    ring.sqe(1).setsockopt(socket, Socket.SOL_SOCKET, Socket.SO_KEEPALIVE, address, Integer.BYTES);
    ring.expect(cqe(1, 0));
    long answer = address + Integer.BYTES;
    ring.sqe(2).getsockopt(socket, Socket.SOL_SOCKET, Socket.SO_KEEPALIVE, answer, Integer.BYTES);
    ring.expect(cqe(2, Integer.BYTES));
    Claim.equal("SO_KEEPALIVE", 1, value.get(JAVA_INT, Integer.BYTES));
  }

  @Case
  @Spec("1.5-24")
  public void timestampsDoNotFitSmallCqes(Rig t) {
    RawRing ring = t.ring(4);
    ring.sqe(1).txTimestamps(t.own("socket", t.host().udpSocket()));
    ring.expect(cqe(1, -EINVAL));
  }
}
