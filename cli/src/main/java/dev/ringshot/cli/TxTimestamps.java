package dev.ringshot.cli;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.ENOSYS;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.IoUring.IORING_SETUP_CQE32;
import static dev.ringshot.abi.IoUring.SOCKET_URING_OP_TX_TIMESTAMP;
import static dev.ringshot.abi.Socket.*;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.BIG_ENDIAN;

import dev.ringshot.abi.Cqe;
import dev.ringshot.abi.Errno;
import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.abi.Sqe;
import dev.ringshot.linux.LinuxKernel;
import dev.ringshot.ring.Cqe32Handler;
import dev.ringshot.ring.CqeHandler;
import dev.ringshot.ring.End;
import dev.ringshot.ring.Pause;
import dev.ringshot.ring.Ring;
import dev.ringshot.ring.RingOptions;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.function.Consumer;

/// A multishot command on the running Linux: `SOCKET_URING_OP_TX_TIMESTAMP` on a UDP socket, which
/// completes each time a datagram has left. The socket sends to the discard port of the loopback
/// address; all of it is operations of one ring.
final class TxTimestamps {
  private static final String INSTEAD = "; instead, on the model: ./ringshot events ticker";
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.nnnnnnnnn").withZone(ZoneId.systemDefault());
  private static final int TIMESTAMPING =
      SOF_TIMESTAMPING_TX_SOFTWARE
          | SOF_TIMESTAMPING_SOFTWARE
          | SOF_TIMESTAMPING_OPT_TSONLY // only those reach the ring
          | SOF_TIMESTAMPING_OPT_ID
          | SOF_TIMESTAMPING_OPT_CMSG;
  private static final int LOOPBACK = 0x7f000001;
  private static final short DISCARD = 9;
  private static final int NO_GROUP =
      0; // multishot wants a buffer group to be named; this command takes none of it

  private static final int OPTION_AT = 0;
  private static final int ADDRESS_AT = 16;
  private static final int DATAGRAM_AT = 64;
  private static final int DATAGRAM_BYTES = 8;

  private final Ring ring;
  private final MemorySegment memory;
  private final int count;
  private final EventLog log;
  private int socket;
  private long armed;
  private boolean isStopping;
  private int sendErrno;
  private int lastRes;

  private TxTimestamps(Ring ring, int count, EventLog log) {
    this.ring = ring;
    this.memory = ring.allocate(4096);
    this.count = count;
    this.log = log;
  }

  /// @return how the command ended after `count` time stamps
  /// @throws EventsFailed if this machine cannot do it; the message says what can be done instead
  static End run(int count, EventLog log) {
    try {
      return run(new LinuxKernel(), count, log);
    } catch (UnsupportedOperationException e) {
      throw new EventsFailed(new End.Failed(ENOSYS), e.getMessage() + INSTEAD);
    }
  }

  static End run(Kernel kernel, int count, EventLog log) {
    try (Ring ring = open(kernel)) {
      return new TxTimestamps(ring, count, log).run();
    }
  }

  private static Ring open(Kernel kernel) {
    try {
      return Ring.open(kernel, RingOptions.DEFAULT.withEntries(8).plusFlags(IORING_SETUP_CQE32));
    } catch (ErrnoException e) {
      boolean isSetup = e.call().equals("io_uring_setup");
      ErrnoException told = isSetup ? LinuxKernel.setupFailure(e.errno()) : e;
      throw new EventsFailed(new End.Failed(e.errno()), told.getMessage() + INSTEAD);
    }
  }

  private End run() {
    openSocket();
    log.title(
        "SOCKET_URING_OP_TX_TIMESTAMP, multishot, on Linux " + System.getProperty("os.version"));
    ring.file(socket).multishot(SOCKET_URING_OP_TX_TIMESTAMP);
    armed = ring.prepare((Cqe32Handler) this::complete).txTimestamps(socket, NO_GROUP).userData();
    log.armed();
    send();
    int seen;
    Pause pause;
    do {
      seen = log.events();
      pause = ring.run(PATIENCE);
    } while (pause != Pause.IDLE && log.events() > seen);
    return finish(pause);
  }

  private void openSocket() {
    socket = succeed("socket", result(sqe -> sqe.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0, 0)));
    memory.set(JAVA_INT, OPTION_AT, TIMESTAMPING);
    long option = memory.address() + OPTION_AT;
    int res =
        result(sqe -> sqe.setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, option, Integer.BYTES));
    succeed("setsockopt", res);
    memory.set(JAVA_SHORT, ADDRESS_AT + SIN_FAMILY, (short) AF_INET);
    memory.set(JAVA_SHORT_UNALIGNED.withOrder(BIG_ENDIAN), ADDRESS_AT + SIN_PORT, DISCARD);
    memory.set(JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN), ADDRESS_AT + SIN_ADDR, LOOPBACK);
  }

  /// Has one request done.
  private int result(Consumer<Sqe> verb) {
    var result = new int[1];
    CqeHandler keep = (res, flags) -> result[0] = res;
    verb.accept(ring.prepare(keep));
    ring.run();
    return result[0];
  }

  private static int succeed(String call, int res) {
    if (res >= 0) return res;
    throw new EventsFailed(
        new End.Failed(-res), "%s through the ring: %s%s".formatted(call, reason(-res), INSTEAD));
  }

  private static String reason(int errno) {
    if (errno != EINVAL && errno != EOPNOTSUPP)
      return Errno.name(errno) + ": " + Errno.describe(errno);
    return "%s: Linux %s does not know it; multishot commands came with 6.18"
        .formatted(Errno.name(errno), System.getProperty("os.version"));
  }

  private void send() {
    long datagram = memory.address() + DATAGRAM_AT;
    long address = memory.address() + ADDRESS_AT;
    CqeHandler sent =
        (res, flags) -> {
          if (res < 0) sendErrno = -res;
        };
    ring.prepare(sent).sendto(socket, datagram, DATAGRAM_BYTES, 0, address, SOCKADDR_IN_SIZE);
  }

  private void complete(int res, int flags, long seconds, long nanos) {
    if (!Cqe.more(flags)) {
      lastRes = res;
      log.completion(res, flags, "the last completion");
      return;
    }
    if (isStopping) return;
    var when = CLOCK.format(Instant.ofEpochSecond(seconds, nanos));
    log.completion(res, flags, "datagram " + res + " left at " + when);
    if (log.events() < count) {
      send();
    } else {
      isStopping = true;
      ring.cancel(armed);
    }
  }

  private End finish(Pause pause) {
    if (pause != Pause.IDLE) {
      String why = sendErrno == 0 ? "" : ": sending failed, " + Errno.describe(sendErrno);
      throw new EventsFailed(
          new End.Detached(),
          "no time stamp within " + PATIENCE.toSeconds() + " s" + why + INSTEAD);
    }
    End end = End.of(lastRes);
    if (isStopping) return end;
    throw new EventsFailed(end, "the command ended early, " + reason(-lastRes) + INSTEAD);
  }
}
