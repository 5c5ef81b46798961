package dev.ringshot.nbd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// What a client sends, read ahead. Waits for it; for one thread.
final class Input {
  private static final int BULK_MIN = 16 << 10;

  private final SocketChannel channel;
  private final ByteBuffer ahead;

  /// Reads from a channel, with a buffer that stays the caller's.
  Input(SocketChannel channel, ByteBuffer ahead) {
    this.channel = channel;
    this.ahead = ahead.limit(0);
  }

  /// Waits until so many bytes are there, at most as many as are read ahead.
  ///
  /// @return whether they are: not if the client's last byte was read before
  /// @throws EOFException if its last byte is one of them
  boolean await(int bytes) throws IOException {
    while (ahead.remaining() < bytes) {
      ahead.compact();
      int count;
      try {
        count = channel.read(ahead);
      } finally {
        ahead.flip();
      }
      if (count >= 0) continue;
      if (!ahead.hasRemaining()) return false;
      throw new EOFException("ended after " + ahead.remaining() + " of " + bytes + " bytes");
    }
    return true;
  }

  /// Whether so many bytes can be had without waiting.
  boolean has(int bytes) {
    return ahead.remaining() >= bytes;
  }

  /// The bytes that were awaited.
  ByteBuffer bytes() {
    return ahead;
  }

  /// Fills a buffer to its limit.
  void read(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (!ahead.hasRemaining() && target.remaining() < BULK_MIN) require(1);
      if (ahead.hasRemaining()) {
        int count = Math.min(ahead.remaining(), target.remaining());
        target.put(target.position(), ahead, ahead.position(), count);
        target.position(target.position() + count);
        ahead.position(ahead.position() + count);
      } else if (channel.read(target) < 0) {
        throw new EOFException("ended " + target.remaining() + " bytes before the end of its data");
      }
    }
  }

  /// Passes over bytes.
  void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      require(1);
      int count = (int) Math.min(left, ahead.remaining());
      ahead.position(ahead.position() + count);
      left -= count;
    }
  }

  private void require(int bytes) throws IOException {
    if (!await(bytes)) throw new EOFException("ended before the end of its data");
  }
}
