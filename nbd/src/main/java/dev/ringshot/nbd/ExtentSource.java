package dev.ringshot.nbd;

import java.io.IOException;

/// Knows where a device has data, for clients that ask (`NBD_CMD_BLOCK_STATUS`).
@FunctionalInterface
public interface ExtentSource {
  /// All is data.
  ExtentSource ALL_DATA = (_, lengthMax) -> new Extent(lengthMax, Extent.Kind.DATA);

  /// The extent that begins at `offset`. Called on threads of the server, of several connections at
  /// a time; what it says of ranges being written at the same time is either state. It may take as
  /// long as a system call; a client waits for up to 1024 of them.
  ///
  /// @param offset in bytes, within the device
  /// @param lengthMax how much the client wants to know of, in bytes; what goes beyond is ignored
  /// @throws IOException told to the client as `EIO`
  Extent extentAt(long offset, long lengthMax) throws IOException;
}
