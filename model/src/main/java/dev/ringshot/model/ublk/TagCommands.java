package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EBUSY;
import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.EOPNOTSUPP;
import static dev.ringshot.abi.ublk.Ublk.*;

/// The protocol of one command for one tag: it waits for a request, and its successor brings the
/// result back (`ublk_ch_uring_cmd_local`).
final class TagCommands {
  private final UblkDevice device;

  TagCommands(UblkDevice device) {
    this.device = device;
  }

  /// @return what the driver answers
  int handle(IoCommand command) {
    if (!CharFile.isOwn(command.op())) return -EOPNOTSUPP;
    int number = command.op() & 0xff;
    if (number == (UBLK_U_IO_UNREGISTER_IO_BUF & 0xff)) return device.unregister(command);
    var tag = device.tag(command);
    if (tag == null) return -EINVAL;
    var queue = tag.queue;
    if (number == UBLK_IO_FETCH_REQ) return fetch(tag, command);
    queue.lock();
    try {
      if (tag.server != command.cmd().submitter()) return fromElsewhere(tag, command, number);
      if (!tag.isServers) return -EBUSY;
      if (tag.needsAddress != (number == UBLK_IO_NEED_GET_DATA)) return -EINVAL;
      return switch (number) {
        case UBLK_U_IO_REGISTER_IO_BUF & 0xff -> register(tag, command);
        case UBLK_IO_COMMIT_AND_FETCH_REQ -> commit(tag, command);
        case UBLK_IO_NEED_GET_DATA -> getData(tag, command);
        default -> -EINVAL;
      };
    } finally {
      queue.unlock();
    }
  }

  private int fromElsewhere(Tag tag, IoCommand command, int number) {
    if (number != (UBLK_U_IO_REGISTER_IO_BUF & 0xff)) return -EINVAL;
    return register(tag, command);
  }

  private static int register(Tag tag, IoCommand command) {
    return tag.queue.register(tag, command.cmd(), (int) command.address());
  }

  private int fetch(Tag tag, IoCommand command) {
    if (device.copies()) {
      if (command.address() == 0 && !device.has(UBLK_F_NEED_GET_DATA)) return -EINVAL;
    } else if (command.address() != 0) {
      return -EINVAL;
    }
    synchronized (device) {
      tag.queue.lock();
      try {
        int error = device.checkShowing(tag);
        if (error == 0) error = checkBuffer(command);
        if (error != 0) return error;
        tag.server = command.cmd().submitter();
        tag.take();
        wait(tag, command);
        device.countReady(tag.queue);
        return -EIOCBQUEUED;
      } finally {
        tag.queue.unlock();
      }
    }
  }

  private int checkBuffer(IoCommand command) {
    if (!device.has(UBLK_F_AUTO_BUF_REG)) return 0;
    return ServerBuffer.checkRegistration(command.sqeAddress());
  }

  private ServerBuffer buffer(IoCommand command) {
    return device.has(UBLK_F_AUTO_BUF_REG)
        ? ServerBuffer.registration(command.sqeAddress())
        : ServerBuffer.at(command.address());
  }

  /// The command is the tag's, until there is a request.
  private void wait(Tag tag, IoCommand command) {
    buffer(command).give(tag);
    tag.command = command.cmd();
    command.cmd().onCancel(tag.cancel());
  }

  private int commit(Tag tag, IoCommand command) {
    if (device.copies()) {
      boolean needsAddress = !device.has(UBLK_F_NEED_GET_DATA) || UblkQueue.request(tag).isRead();
      if (command.address() == 0 && needsAddress) return -EINVAL;
    } else if (command.address() != 0) {
      return -EINVAL;
    }
    int error = checkBuffer(command);
    if (error != 0) return error;
    tag.command = command.cmd();
    int result = tag.queue.commit(tag, command.cmd(), command.result(), buffer(command));
    if (result != 0) throw new AssertionError("the server had tag " + tag.number);
    command.cmd().onCancel(tag.cancel());
    return -EIOCBQUEUED;
  }

  private int getData(Tag tag, IoCommand command) {
    tag.needsAddress = false;
    tag.take();
    wait(tag, command);
    tag.queue.descriptors.address(tag.number, command.address());
    if (!tag.queue.copyOut(tag, command.cmd())) return -EIOCBQUEUED;
    tag.give();
    return UBLK_IO_RES_OK;
  }
}
