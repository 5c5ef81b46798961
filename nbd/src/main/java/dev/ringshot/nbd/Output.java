package dev.ringshot.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What a client is sent, gathered so that many small messages are one system call. Waits for the
/// client to take it; for one thread.
final class Output {
  /// Copying less than this is cheaper than a place in a gathering write.
  private static final int COPY_MAX = 16 << 10;

  private final SocketChannel channel;
  private final ByteBuffer gathered;

  /// Writes to a channel, with a buffer that stays the caller's.
  Output(SocketChannel channel, ByteBuffer gathered) {
    this.channel = channel;
    this.gathered = gathered.clear();
  }

  /// Where to put so many bytes.
  ByteBuffer room(int bytes) throws IOException {
    if (gathered.remaining() < bytes) flush();
    return gathered;
  }

  /// Sends the rest of a buffer, which is the caller's again at the return.
  void write(ByteBuffer data) throws IOException {
    if (data.remaining() <= COPY_MAX) {
      room(data.remaining()).put(data);
      return;
    }
    ByteBuffer[] both = {gathered.flip(), data};
    while (data.hasRemaining()) channel.write(both);
    gathered.clear();
  }

  /// Sends what was gathered.
  void flush() throws IOException {
    gathered.flip();
    while (gathered.hasRemaining()) channel.write(gathered);
    gathered.clear();
  }
}
