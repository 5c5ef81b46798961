package dev.ringshot.model.ublk;

import static dev.ringshot.abi.ublk.Ublk.UBLK_F_AUTO_BUF_REG;
import static dev.ringshot.abi.ublk.Ublk.UBLK_IO_F_NEED_REG_BUF;

import dev.ringshot.model.UringCmd;

/// How the data of a queue's requests gets to the server and back: by copies, or by slots of
/// registered buffers. (By reads and writes: [UserCopy].) Used with the queue's lock held, in the
/// context of a command.
final class DataPath {
  private final boolean copies;
  private final boolean fillsSlots;
  private final DescriptorArea descriptors;

  DataPath(long flags, DescriptorArea descriptors) {
    this.copies = Features.copies(flags);
    this.fillsSlots = (flags & UBLK_F_AUTO_BUF_REG) != 0;
    this.descriptors = descriptors;
  }

  /// Copies what is to be written to the server's buffer, or as much as there is of that
  /// (`ublk_start_io`).
  ///
  /// @return false if there is nothing of it
  boolean copyOut(Tag tag, UringCmd cmd) {
    var request = UblkQueue.request(tag);
    if (!copies || !request.isWrite()) return true;
    int left = request.left();
    var target = cmd.importUser(tag.address, left);
    int moved = target.copyToUser(request.data(), request.dataStart(), left);
    if (moved <= 0) return false;
    if (moved < left) descriptors.shorten(tag.number, moved);
    return true;
  }

  /// Takes what was read from the server's buffer.
  ///
  /// @param result what the server says there is
  /// @return bytes of the request that are done: all that it did not copy count as that
  int copyIn(Tag tag, UringCmd cmd, int result) {
    var request = UblkQueue.request(tag);
    if (!copies || !request.isRead()) return request.left();
    int bytes = Math.min(result, request.left());
    var source = cmd.importUser(tag.address, bytes);
    return Math.max(0, source.copyFromUser(request.data(), request.dataStart(), bytes));
  }

  /// Fills the slot that the server gave with the tag, if it is to be.
  ///
  /// @return false if it cannot be, and the server does not do it itself
  boolean fillSlot(Tag tag, UringCmd cmd) {
    if (!fillsSlots || !UblkQueue.request(tag).hasData()) return true;
    if (lend(tag, cmd, tag.autoIndex) == 0) {
      tag.autoCommand = cmd;
      return true;
    }
    if (tag.autoFallsBack) descriptors.addFlag(tag.number, UBLK_IO_F_NEED_REG_BUF);
    return tag.autoFallsBack;
  }

  /// Empties that slot again, if it is of this command's ring.
  static void emptySlot(Tag tag, UringCmd cmd) {
    var filler = tag.autoCommand;
    tag.autoCommand = null;
    if (filler != null && filler.isOfRing(cmd)) {
      int _ = cmd.takeBackBuffer(tag.autoIndex); // the program may have emptied it before
    }
  }

  /// Puts the data into a slot.
  ///
  /// @return 0 or `-errno`
  static int lend(Tag tag, UringCmd cmd, int index) {
    var request = UblkQueue.request(tag);
    var data = request.data().asSlice(request.dataStart(), request.left());
    int result = cmd.lendBuffer(index, request.isRead() ? data : data.asReadOnly(), tag.lease());
    if (result == 0) tag.leases++;
    return result;
  }
}
