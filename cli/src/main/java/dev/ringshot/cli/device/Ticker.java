package dev.ringshot.cli.device;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.abi.Errno.ENOTTY;
import static dev.ringshot.model.Shot.FINISHED;

import dev.ringshot.model.FileOperations;
import dev.ringshot.model.OpenFile;
import dev.ringshot.model.Scheduler;
import dev.ringshot.model.UringCmd;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A device that ticks: the smallest driver of a multishot command.
///
/// [#SUBSCRIBE] is answered once a period, each time with 8 bytes, the device's clock in
/// nanoseconds. It ends with `-ECANCELED` by [#UNSUBSCRIBE], with `-ENOBUFS` when there is no
/// buffer for a tick.
public final class Ticker implements FileOperations {
  /// Multishot, no payload.
  public static final int SUBSCRIBE = 1;

  /// Ends every subscription of this open file; its result is their number.
  public static final int UNSUBSCRIBE = 2;

  private final Scheduler scheduler;
  private final Duration period;
  private final Set<UringCmd> armed = ConcurrentHashMap.newKeySet();

  public Ticker(Scheduler scheduler, Duration period) {
    this.scheduler = scheduler;
    this.period = period;
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    return switch (cmd.op()) {
      case SUBSCRIBE -> subscribe(cmd);
      case UNSUBSCRIBE -> unsubscribe(cmd.file());
      default -> -ENOTTY;
    };
  }

  private int subscribe(UringCmd cmd) {
    if (!cmd.isMultishot()) return -EINVAL;
    cmd.onCancel(() -> end(cmd, -ECANCELED));
    armed.add(cmd);
    scheduler.after(period, () -> cmd.inTask(() -> tick(cmd)));
    return -EIOCBQUEUED;
  }

  private int unsubscribe(OpenFile file) {
    int ended = 0;
    for (UringCmd cmd : armed) if (cmd.file() == file && end(cmd, -ECANCELED)) ended++;
    return ended;
  }

  private void tick(UringCmd cmd) {
    if (cmd.isDone() || cmd.isRingClosing()) return;
    var buffer = cmd.selectBuffer();
    if (buffer.errno() != 0) {
      end(cmd, buffer.errno());
      return;
    }
    buffer.putLong(0, scheduler.nanoTime());
    if (cmd.postMultishotCqe(buffer, Long.BYTES) == FINISHED) {
      end(cmd, -ENOBUFS);
      return;
    }
    scheduler.after(period, () -> cmd.inTask(() -> tick(cmd)));
  }

  private boolean end(UringCmd cmd, int res) {
    armed.remove(cmd);
    return cmd.done(res);
  }
}
