package dev.ringshot.model.ublk;

import static dev.ringshot.abi.Errno.EINVAL;
import static dev.ringshot.abi.ublk.Ublk.UBLK_AUTO_BUF_REG_FALLBACK;
import static dev.ringshot.abi.ublk.Ublk.UBLK_AUTO_BUF_REG_F_MASK;

/// What the server gives with a tag: an address for copies, or a slot of registered buffers (`union
/// ublk_io_buf`).
record ServerBuffer(long address, int index, boolean fallsBack) {
  static final ServerBuffer NONE = new ServerBuffer(0, 0, false);

  static ServerBuffer at(long address) {
    return new ServerBuffer(address, 0, false);
  }

  /// 0, or `-EINVAL` for what is no `struct ublk_auto_buf_reg`.
  static int checkRegistration(long word) {
    boolean reserved = word >>> 24 != 0;
    return reserved || (word >>> 16 & ~UBLK_AUTO_BUF_REG_F_MASK) != 0 ? -EINVAL : 0;
  }

  /// A `struct ublk_auto_buf_reg`.
  static ServerBuffer registration(long word) {
    return new ServerBuffer(
        word, (int) word & 0xffff, (word >>> 16 & UBLK_AUTO_BUF_REG_FALLBACK) != 0);
  }

  static ServerBuffer registration(int index, boolean fallsBack) {
    return registration(index | (fallsBack ? (long) UBLK_AUTO_BUF_REG_FALLBACK << 16 : 0));
  }

  void give(Tag tag) {
    tag.address = address;
    tag.autoIndex = index;
    tag.autoFallsBack = fallsBack;
  }
}
