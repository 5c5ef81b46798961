import static dev.ringshot.abi.Errno.*;
import static dev.ringshot.model.Shot.FINISHED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import module dev.ringshot.model;
import module dev.ringshot.ring;

void main() {
  var time = Scheduler.virtual(42);
  try (var kernel = new ModelKernel(time).device("/dev/ticker", new Ticker(time));
      var ring = Ring.open(kernel, 64);
      var ticker = ring.openFile("/dev/ticker").multishot(Ticker.SUBSCRIBE);
      var buffers = ring.provideBuffers(128, 64)) {
    var ticks = buffers.onEvent((buffer, offset, length) -> IO.println(buffer.get(JAVA_LONG, offset)));
    ring.prepare(ticks).uringCmdMultishot(ticker.fd(), Ticker.SUBSCRIBE, buffers.group());
    ring.run(Duration.ofSeconds(1)); // handlers run here, on this thread
  }
}

record Ticker(Scheduler time) implements FileOperations {
  static final int SUBSCRIBE = 1;
  static final Duration PERIOD = Duration.ofMillis(100);

  @Override
  public int uringCmd(UringCmd cmd) {
    if (cmd.op() != SUBSCRIBE) return -ENOTTY;
    if (!cmd.isMultishot()) return -EINVAL;
    cmd.onCancel(() -> cmd.done(-ECANCELED)); // its ring is closed
    time.after(PERIOD, () -> cmd.inTask(() -> tick(cmd)));
    return -EIOCBQUEUED; // armed; nothing more happens now
  }

  private void tick(UringCmd cmd) {
    if (cmd.isDone()) return;
    var buffer = cmd.selectBuffer(); // of the group that the submission named
    if (buffer.errno() != 0) {
      cmd.done(buffer.errno());
      return;
    }
    buffer.memory().set(JAVA_LONG, 0, time.nanoTime());
    if (cmd.postMultishotCqe(buffer, Long.BYTES) == FINISHED) {
      cmd.done(-ENOBUFS);
      return;
    }
    time.after(PERIOD, () -> cmd.inTask(() -> tick(cmd)));
  }
}
