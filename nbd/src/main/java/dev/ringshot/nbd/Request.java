package dev.ringshot.nbd;

import java.net.ProtocolException;
import java.nio.ByteBuffer;

/// What a client asks for: the header of a request.
///
/// @param flags `NBD_CMD_FLAG_*`
/// @param type `NBD_CMD_*`
/// @param cookie what its reply is known by
/// @param offset unsigned, in bytes
/// @param length in bytes, less than 4 GiB
record Request(int flags, int type, long cookie, long offset, long length) {
  static Request parse(ByteBuffer header) throws ProtocolException {
    int magic = header.getInt();
    if (magic != Nbd.NBD_REQUEST_MAGIC)
      throw new ProtocolException("request magic 0x" + Integer.toHexString(magic));
    int flags = Short.toUnsignedInt(header.getShort());
    int type = Short.toUnsignedInt(header.getShort());
    long cookie = header.getLong();
    long offset = header.getLong();
    return new Request(flags, type, cookie, offset, Integer.toUnsignedLong(header.getInt()));
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /// The error of a request that the device need not see; 0 if it shall.
  int refusal(Agreement agreement) {
    if ((flags & ~allowedFlags(agreement)) != 0) return Nbd.NBD_EINVAL;
    return switch (type) {
      case Nbd.NBD_CMD_READ -> refusalOfRead(agreement);
      case Nbd.NBD_CMD_WRITE -> refusalOfWrite(agreement, true, length <= Export.PAYLOAD_MAX);
      case Nbd.NBD_CMD_WRITE_ZEROES ->
          refusalOfWrite(agreement, agreement.has(Nbd.NBD_FLAG_SEND_WRITE_ZEROES), true);
      case Nbd.NBD_CMD_TRIM ->
          agreement.has(Nbd.NBD_FLAG_READ_ONLY)
              ? Nbd.NBD_EPERM
              : refusalOfRange(agreement, agreement.has(Nbd.NBD_FLAG_SEND_TRIM), Nbd.NBD_EINVAL);
      case Nbd.NBD_CMD_CACHE -> refusalOfRange(agreement, true, Nbd.NBD_EINVAL);
      case Nbd.NBD_CMD_BLOCK_STATUS ->
          refusalOfRange(agreement, agreement.hasAllocation(), Nbd.NBD_EINVAL);
      case Nbd.NBD_CMD_FLUSH -> offset == 0 && length == 0 ? 0 : Nbd.NBD_EINVAL;
      default -> Nbd.NBD_EINVAL;
    };
  }

  private int allowedFlags(Agreement agreement) {
    int allowed = agreement.has(Nbd.NBD_FLAG_SEND_FUA) ? Nbd.NBD_CMD_FLAG_FUA : 0;
    return switch (type) {
      case Nbd.NBD_CMD_READ ->
          agreement.has(Nbd.NBD_FLAG_SEND_DF) ? allowed | Nbd.NBD_CMD_FLAG_DF : allowed;
      case Nbd.NBD_CMD_WRITE_ZEROES ->
          allowed | Nbd.NBD_CMD_FLAG_NO_HOLE | Nbd.NBD_CMD_FLAG_FAST_ZERO;
      case Nbd.NBD_CMD_BLOCK_STATUS -> allowed | Nbd.NBD_CMD_FLAG_REQ_ONE;
      default -> allowed;
    };
  }

  private int refusalOfRead(Agreement agreement) {
    int refusal = refusalOfRange(agreement, true, Nbd.NBD_EINVAL);
    if (refusal != 0) return refusal;
    boolean isOnePiece = has(Nbd.NBD_CMD_FLAG_DF) && length > BufferPool.BYTES_MAX;
    if (length <= Export.PAYLOAD_MAX && !isOnePiece) return 0;
    return agreement.isStructured() ? Nbd.NBD_EOVERFLOW : Nbd.NBD_EINVAL;
  }

  private int refusalOfWrite(Agreement agreement, boolean isOffered, boolean isShort) {
    if (agreement.has(Nbd.NBD_FLAG_READ_ONLY)) return Nbd.NBD_EPERM;
    if (!isShort) return Nbd.NBD_EINVAL;
    return refusalOfRange(agreement, isOffered, Nbd.NBD_ENOSPC);
  }

  private int refusalOfRange(Agreement agreement, boolean isOffered, int beyondEnd) {
    if (!isOffered || length == 0) return Nbd.NBD_EINVAL;
    long size = agreement.size();
    if (offset < 0 || offset > size || length > size - offset) return beyondEnd;
    return ((offset | length) & (agreement.blockSize() - 1)) == 0 ? 0 : Nbd.NBD_EINVAL;
  }
}
