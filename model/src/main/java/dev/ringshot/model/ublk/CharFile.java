package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.Errno.EIOCBQUEUED;
import static dev.ringshot.abi.Errno.EPERM;
import static dev.ringshot.abi.ublk.Ublk.UBLK_F_BATCH_IO;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_RES_ABORT;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.abi.Kernel;
import dev.ringshot.model.FileOperations;
import dev.ringshot.model.OpenFile;
import dev.ringshot.model.Transfer;
import dev.ringshot.model.UringCmd;
import java.lang.foreign.MemorySegment;

/// `/dev/ublkcN`: what the server of one device opens.
final class CharFile implements FileOperations {
  private final UblkDevice device;
  private final BatchCommands batches;
  private final TagCommands tags;
  private final UserCopy copies;

  CharFile(UblkDevice device) {
    this.device = device;
    this.batches = new BatchCommands(device);
    this.tags = new TagCommands(device);
    this.copies = new UserCopy(device);
  }

  /// Whether a command is encoded as ublk's are, or as they once were (`ublk_check_cmd_op`).
  static boolean isOwn(int op) {
    int type = op >>> 8 & 0xff;
    return type == 'u' || type == 0;
  }

  @Override
  public int open(OpenFile file) {
    return device.open();
  }

  @Override
  public void release(OpenFile file) {
    device.release();
  }

  @Override
  public int uringCmd(UringCmd cmd) {
    var command = IoCommand.of(cmd);
    if (!cmd.isOnWorker()) return handle(command);
    cmd.inTask(() -> handleInTask(command));
    return -EIOCBQUEUED;
  }

  private int handle(IoCommand command) {
    return device.has(UBLK_F_BATCH_IO) ? batches.handle(command) : tags.handle(command);
  }

  private void handleInTask(IoCommand command) {
    int result = command.cmd().isRingClosing() ? UBLK_IO_RES_ABORT : handle(command);
    if (result != -EIOCBQUEUED) command.cmd().done(result);
  }

  @Override
  public int read(OpenFile file, Transfer transfer) {
    return copies.copy(transfer, false);
  }

  @Override
  public int write(OpenFile file, Transfer transfer) {
    return copies.copy(transfer, true);
  }

  /// The descriptors of one queue, which `offset` tells.
  @Override
  public MemorySegment map(OpenFile file, long offset, long length, int protection) {
    if ((protection & Kernel.PROT_WRITE) != 0)
      throw new ErrnoException("mmap", EPERM, "descriptors of requests can only be read");
    long step = DescriptorArea.step(device.ioDescSize());
    long queue = offset / step;
    if (queue >= device.queues().size())
      throw new ErrnoException("mmap", EINVAL, file.path() + " has no queue " + queue);
    var area = device.queues().get((int) queue).area();
    if (DescriptorArea.pages(length) != area.byteSize())
      throw new ErrnoException(
          "mmap",
          EINVAL,
          "a queue's descriptors take " + area.byteSize() + " bytes, not " + length);
    return area;
  }
}
