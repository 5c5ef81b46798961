package dev.ringshot.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Answers `NBD_CMD_BLOCK_STATUS` from an [ExtentSource].
final class BlockStatus {
  private static final int EXTENTS_MAX = 1023;
  private static final int LOOKS_MAX = 1024;

  /// How long an answer can be.
  static final int BYTES_MAX = Integer.BYTES + EXTENTS_MAX * 2 * Integer.BYTES;

  private BlockStatus() {}

  /// Puts the answer into a buffer with [#BYTES_MAX] bytes of room and flips it. Ranges of one
  /// state are one descriptor; what would take too many is left out, and the client asks again.
  ///
  /// @return an error on the wire, or 0
  static int put(ByteBuffer payload, Request request, ExtentSource extents) {
    payload.putInt(Agreement.ALLOCATION_ID);
    int extentsMax = request.has(Nbd.NBD_CMD_FLAG_REQ_ONE) ? 1 : EXTENTS_MAX;
    int count = 0;
    long at = request.offset();
    long end = at + request.length();
    long runLength = 0;
    int runState = 0;
    for (int looks = 0; at < end && looks < LOOKS_MAX; looks++) {
      Extent extent;
      try {
        extent = extents.extentAt(at, end - at);
      } catch (IOException | RuntimeException e) {
        return Nbd.NBD_EIO;
      }
      int state = extent.kind().state;
      long length = Math.min(extent.length(), end - at);
      if (runLength > 0 && state != runState) {
        payload.putInt((int) runLength).putInt(runState);
        runLength = 0;
        if (++count == extentsMax) break;
      }
      runState = state;
      runLength += length;
      at += length;
    }
    if (runLength > 0) payload.putInt((int) runLength).putInt(runState);
    payload.flip();
    return 0;
  }
}
