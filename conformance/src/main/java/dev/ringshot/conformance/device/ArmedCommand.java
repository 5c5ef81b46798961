package dev.ringshot.conformance.device;

import static dev.ringshot.abi.Errno.ECANCELED;
import static dev.ringshot.abi.Errno.EFAULT;
import static dev.ringshot.abi.Errno.ENOBUFS;
import static dev.ringshot.conformance.device.Ref.*;

import dev.ringshot.conformance.device.RefEvent.Raised;
import dev.ringshot.model.SelectedBuffer;
import dev.ringshot.model.Shot;
import dev.ringshot.model.UringCmd;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One command of `REF_ARM`: what it does with events. Its lists belong to the [OpenDevice], which
/// guards them.
final class ArmedCommand {
  final int queue;
  final int cookie;
  final Deque<Raised> waiting = new ArrayDeque<>();
  boolean taskUnderWay;
  boolean ended;
  private final OpenDevice device;
  private final UringCmd cmd;

  ArmedCommand(OpenDevice device, UringCmd cmd, int queue, int cookie) {
    this.device = device;
    this.cmd = cmd;
    this.queue = queue;
    this.cookie = cookie;
  }

  boolean takes(int eventQueue) {
    return queue == eventQueue || queue == REF_BOTH;
  }

  void sendTask() {
    cmd.inTask(this::carryOutAll);
  }

  private void carryOutAll() {
    device.countTask();
    if (cmd.isRingClosing()) {
      device.log(REF_L_CLOSING, this, 0);
      end(-ECANCELED, null);
      return;
    }
    boolean armed = true;
    while (armed) {
      var next = device.nextFor(this);
      if (next == null) return;
      armed = carryOut(next);
    }
  }

  /// @return whether the command is still armed
  boolean carryOut(Raised raised) {
    var event = raised.event();
    if (event.op() == REF_POST) return post(raised);
    finish(event);
    return false;
  }

  /// `REF_END`.
  void finish(RefEvent event) {
    device.ended(this, event.value(), null);
    boolean _ =
        cmd.done(
            event.value(), event.has(REF_F_RES2) ? Integer.toUnsignedLong(event.length()) : 0, 0);
  }

  private boolean post(Raised raised) {
    var event = raised.event();
    var buffer = event.has(REF_F_NO_SELECT) ? null : select(event);
    if (buffer != null && buffer.errno() != 0) {
      if (cmd.isMultishot()) return end(buffer.errno(), raised);
      buffer = null;
    }
    int value = buffer == null ? event.value() : Math.min(event.value(), buffer.length());
    if (buffer != null && value > 0 && fill(buffer, raised.word(), value) != 0) value = -EFAULT;
    var shot = buffer == null ? cmd.postMultishotCqe(value) : cmd.postMultishotCqe(buffer, value);
    device.posted(this, shot);
    if (shot == Shot.POSTED) return true;
    if (!cmd.isMultishot()) return end(value, null);
    if (value > 0) return end(event.has(REF_F_END_VALUE) ? value : -ENOBUFS, raised);
    if (value == 0 && event.has(REF_F_KEEP)) return true;
    return end(value, value == -EFAULT && event.value() > 0 ? raised : null);
  }

  private SelectedBuffer select(RefEvent event) {
    int group = event.has(REF_F_GROUP) ? event.group() : cmd.bufferGroup();
    var buffer = cmd.selectBuffer(group, event.length());
    int error = buffer.errno();
    device.log(REF_L_SELECT, this, error == 0 ? buffer.length() : error);
    if (error == 0 && event.has(REF_F_TWICE)) {
      var second = cmd.selectBuffer(group, event.length());
      device.log(REF_L_SELECT, this, second.errno() == 0 ? second.length() : second.errno());
    }
    return buffer;
  }

  /// @return 0 or `-EFAULT`
  private static int fill(SelectedBuffer buffer, long word, int count) {
    int at = 0;
    for (; at <= count - Long.BYTES; at += Long.BYTES) {
      if (buffer.putLong(at, word) != 0) return -EFAULT;
    }
    for (int shift = 0; at < count; at++, shift += Byte.SIZE) {
      if (buffer.putByte(at, (byte) (word >>> shift)) != 0) return -EFAULT;
    }
    return 0;
  }

  /// @param undelivered the event that ends it, if it was not posted
  /// @return false: it is not armed any more
  private boolean end(int result, @Nullable Raised undelivered) {
    device.ended(this, result, undelivered);
    boolean _ = cmd.done(result);
    return false;
  }

  /// The kernel asks it to go.
  void cancel() {
    if (device.cancelled(this)) end(-ECANCELED, null);
  }
}
